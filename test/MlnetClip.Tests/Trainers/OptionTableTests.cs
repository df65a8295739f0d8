using System.Reflection;
using System.Xml.Linq;
using Microsoft.ML;
using Options = MlnetClip.LstmForecastingTrainer.Options;

namespace MlnetClip.Tests.Trainers;

/// <summary>What follows from the table of options, and that no option is missing from it.</summary>
[TestClass]
public sealed class OptionTableTests
{
    // What cannot be text: code that is called, a token, and where a fit keeps its state.
    private static readonly string[] NotData = [nameof(Options.MetricsCallback), nameof(Options.Observer), nameof(Options.CancellationToken), nameof(Options.CheckpointPath), nameof(Options.InitialWeights)];

    private static readonly Dictionary<string, string> Samples = new()
    {
        [nameof(Options.OutputColumnName)] = "Out", [nameof(Options.InputColumnName)] = "In", [nameof(Options.WindowSize)] = "9", [nameof(Options.Horizon)] = "4",
        [nameof(Options.HiddenSize)] = "5", [nameof(Options.NumberOfLayers)] = "2", [nameof(Options.Dropout)] = "0.25", [nameof(Options.BatchSize)] = "8",
        [nameof(Options.NumberOfEpochs)] = "7", [nameof(Options.LearningRate)] = "0.01", [nameof(Options.LearningRateSchedule)] = "cosine",
        [nameof(Options.Optimizer)] = "sgd:momentum=0.9", [nameof(Options.Clipping)] = "value:0.5+norm:2", [nameof(Options.NonFinite)] = "skip:3",
        [nameof(Options.Loss)] = "huber:0.5", [nameof(Options.Scaling)] = "Standardize", [nameof(Options.ValidationFraction)] = "0.07",
        [nameof(Options.EarlyStopping)] = "patience=3,delta=0.001", [nameof(Options.Backend)] = "managed", [nameof(Options.MeasureTimeSteps)] = "true",
        [nameof(Options.NumberOfThreads)] = "3", [nameof(Options.MaximumGap)] = "5", [nameof(Options.TargetColumnNames)] = "A,B", [nameof(Options.PastCovariateColumnNames)] = "P",
        [nameof(Options.FutureCovariateColumnNames)] = "F,G", [nameof(Options.StaticCovariateColumnNames)] = "S", [nameof(Options.TimeColumnName)] = "Time",
        [nameof(Options.GroupColumnName)] = "Store", [nameof(Options.SeasonLength)] = "12", [nameof(Options.Strategy)] = "Recursive", [nameof(Options.Quantiles)] = "0.1,0.5,0.9",
        [nameof(Options.NonNegative)] = "true", [nameof(Options.ConfidenceLowerBoundColumn)] = "Low", [nameof(Options.ConfidenceUpperBoundColumn)] = "High",
        [nameof(Options.ConfidenceLevel)] = "0.8", [nameof(Options.Calendar)] = "HourOfDay, DayOfWeek", [nameof(Options.UnseenSeries)] = "Throw", [nameof(Options.LinearPart)] = "Always", [nameof(Options.MinimumNumberOfSteps)] = "500",
        [nameof(Options.CheckpointInterval)] = "20steps", [nameof(Options.KeptCheckpoints)] = "3",
        [nameof(Options.AccumulatedBatches)] = "2", [nameof(Options.GradientNoise)] = "0.01", [nameof(Options.WeightAveraging)] = "ema:0.99", [nameof(Options.Frozen)] = "layer0+head", [nameof(Options.ForgetGateBias)] = "1.5",
    };

    public static IEnumerable<object[]> Names => Options.Table.Select(option => new object[] { option.Name });

    [TestMethod]
    public void EveryPropertyIsInTheTable() => Assert.AreSequenceEqual(
        typeof(Options).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name).Except(NotData).Order(StringComparer.Ordinal).ToArray(),
        Options.Table.Select(option => option.Name).Order(StringComparer.Ordinal).ToArray());

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void TextFormsRoundTrip(string name)
    {
        TrainerOption<Options> option = Find(name);
        var options = new Options();
        option.Read(options, Samples[name]);
        Assert.AreEqual(Samples[name], option.Print(options));
        var again = new Options();
        option.Read(again, option.Print(options));
        PropertyInfo property = typeof(Options).GetProperty(name)!;
        Assert.AreEqual(option.Print(options), option.Print(again));
        if (property.PropertyType.IsValueType || property.PropertyType == typeof(string)) Assert.AreEqual(property.GetValue(options), property.GetValue(again));
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void DocCommentsAgreeWithTheTable(string name)
    {
        TrainerOption<Options> option = Find(name);
        XElement member = Comments.Descendants("member").Single(m => m.Attribute("name")!.Value == $"P:{Declaring(name).Replace('+', '.')}.{name}");
        string comment = string.Join(' ', member.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (option.Range is { } range) Assert.Contains(range.Describe(), comment);
        if (option.IsRequired) Assert.Contains("Required.", comment);
        else if (option.DefaultText is { } text) Assert.Contains($"Default: {text}", comment);
        else Assert.Contains("Default: null for ", comment);
    }

    [TestMethod]
    [DataRow(nameof(Options.WindowSize), "1", "must be a whole number, 2 or more, but was '1'.")]
    [DataRow(nameof(Options.WindowSize), "2.5", "must be a whole number, 2 or more, but was '2.5'.")]
    [DataRow(nameof(Options.LearningRate), "1e-60", "must be a number, above 0 and at most 1000, or auto, but was '1e-60'.")]
    [DataRow(nameof(Options.NumberOfThreads), "0", "must be a whole number, from 1 to 1024, but was '0'.")]
    [DataRow(nameof(Options.Scaling), "7", "must be one of RelativeToLast, Standardize, None, Robust, PerWindow, SeasonalDifference, but was '7'.")]
    [DataRow(nameof(Options.EarlyStopping), "0", "must be a whole number, 1 or more, but was '0'.")]
    [DataRow(nameof(Options.EarlyStopping), "patience=2,delta=-1", "must be a whole number, 1 or more, but was 'patience=2,delta=-1'.")]
    [DataRow(nameof(Options.Backend), "torch", "must be managed, but was 'torch'.")]
    [DataRow(nameof(Options.Clipping), "norn:1", "did you mean 'norm'?")]
    public void ATextThatIsNoValueIsRefused(string name, string text, string part) =>
        Assert.Contains(part, Assert.Throws<FormatException>(() => Find(name).Read(new Options(), text)).Message);

    [TestMethod]
    public void EarlyStoppingReadsAPlainNumberOfEpochs()
    {
        var options = new Options();
        Find(nameof(Options.EarlyStopping)).Read(options, "5");
        Assert.AreEqual("patience=5,delta=0", Find(nameof(Options.EarlyStopping)).Print(options));
        Find(nameof(Options.EarlyStopping)).Read(options, "none");
        Assert.IsNull(options.EarlyStopping);
    }

    [TestMethod]
    public void TheReportHasEveryOptionThatShapesTheModelAndNoOther()
    {
        IReadOnlyDictionary<string, string> reported = Forecasts.Fit(new MLContext(seed: 1)).Training.Options;
        Assert.AreSequenceEqual(
            Options.Table.Where(option => option.ShapesModel).Select(option => option.Name).Order(StringComparer.Ordinal).ToArray(), reported.Keys.Order(StringComparer.Ordinal).ToArray());
        Assert.AreEqual(("12", "managed", "norm:1"), (reported["WindowSize"], reported["Backend"], reported["Clipping"]));
        Assert.IsFalse(reported.ContainsKey("NumberOfThreads"));
    }

    [TestMethod]
    public void FlagsAreWrittenAsFlagsAre()
    {
        foreach (TrainerOption<Options> option in Options.Table.Where(option => option.Flag is not null))
        {
            Assert.MatchesRegex("^--[a-z]+(-[a-z]+)*$", option.Flag);
            Assert.AreEqual(option.IsSwitch, option.Placeholder.Length == 0, option.Name);
        }

        Assert.HasCount(Options.Table.Count(option => option.Flag is not null), Options.Table.Select(option => option.Flag).OfType<string>().Distinct());
    }

    private static string Declaring(string name) => typeof(Options).GetProperty(name)!.DeclaringType!.FullName!;

    private static XDocument Comments => XDocument.Load(Path.ChangeExtension(typeof(Options).Assembly.Location, ".xml"));

    private static TrainerOption<Options> Find(string name) => Options.Table.Single(option => option.Name == name);
}
