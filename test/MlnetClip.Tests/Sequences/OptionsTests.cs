using System.Reflection;
using System.Xml.Linq;
using Microsoft.ML;
using MlnetClip.Settings;

namespace MlnetClip.Tests.Sequences;

/// <summary>The tables of options of the trainers over sequences: complete, documented, checked, and in text form and back.</summary>
[TestClass]
public sealed class OptionsTests
{
    private static readonly string[] NotData =
        [nameof(LstmTrainerOptions.MetricsCallback), nameof(LstmTrainerOptions.Observer), nameof(LstmTrainerOptions.CancellationToken), nameof(LstmTrainerOptions.CheckpointPath), nameof(LstmTrainerOptions.InitialWeights)];

    private static readonly Dictionary<string, string> Samples = new()
    {
        ["LabelColumnName"] = "L", ["FeatureColumnName"] = "F", ["ExampleWeightColumnName"] = "W", ["FeaturesPerStep"] = "3", ["Cell"] = "Gru", ["Bidirectional"] = "true",
        ["Pooling"] = "Mean", ["LayerNormalization"] = "true", ["Dropout"] = "0.25", ["RecurrentDropout"] = "0.5", ["ForgetGateBias"] = "-1.5", ["EmbeddingSize"] = "7",
        ["NormalizeFeatures"] = "false", ["HiddenSize"] = "5", ["NumberOfLayers"] = "2", ["BatchSize"] = "8", ["NumberOfEpochs"] = "7", ["LearningRate"] = "0.01",
        ["LearningRateSchedule"] = "cosine", ["Optimizer"] = "sgd:momentum=0.9", ["Clipping"] = "value:0.5+norm:2", ["NonFinite"] = "skip:3", ["Loss"] = "huber:0.5",
        ["ClassWeights"] = "1,2.5", ["ValidationFraction"] = "0.07", ["EarlyStopping"] = "patience=3,delta=0.001", ["Backend"] = "managed", ["MeasureTimeSteps"] = "true",
        ["NumberOfThreads"] = "3", ["ShuffleBufferSize"] = "100", ["CheckpointInterval"] = "20steps", ["KeptCheckpoints"] = "3",
        ["AccumulatedBatches"] = "2", ["GradientNoise"] = "0.01", ["WeightAveraging"] = "swa:0.5", ["Frozen"] = "body", ["LabelSmoothing"] = "0.1",
    };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Regression() => Check(LstmRegressionTrainer.Options.Table, options => _context.Regression.Trainers.Lstm(options));

    [TestMethod]
    public void Binary() => Check(LstmBinaryTrainer.Options.Table, options => _context.BinaryClassification.Trainers.Lstm(options));

    [TestMethod]
    public void Multiclass() => Check(LstmMulticlassTrainer.Options.Table, options => _context.MulticlassClassification.Trainers.Lstm(options));

    [TestMethod]
    public void Labeling() => Check(LstmLabelingTrainer.Options.Table, options => _context.MulticlassClassification.Trainers.LstmLabeling(options));

    [TestMethod]
    public void ErrorsAcrossOptionsAreReportedTogether()
    {
        string message = Refused(options => (options.Pooling, options.Cell, options.ForgetGateBias, options.LabelColumnName) = (Pooling.EveryStep, RecurrentCell.Gru, 1, ""));
        Assert.Contains("LstmMulticlassTrainer.Options.LabelColumnName must be the name of a column, but was ''.", message);
        Assert.Contains("LstmMulticlassTrainer.Options.Pooling must be one of Last, Mean, Max, but was EveryStep.", message);
        Assert.Contains("LstmMulticlassTrainer.Options.ForgetGateBias must be null unless the cell is Lstm, but was set for Gru.", message);
        Assert.Contains("must not truncate backpropagation unless Pooling is Last", Refused(options => (options.Pooling, options.Clipping) = (Pooling.Mean, GradientClipping.Parse("truncate:3"))));
        Assert.Contains("EarlyStopping must be null without validation", Assert.ThrowsExactly<ArgumentException>(
            () => Pulse.Binary(_context, options => (options.EarlyStopping, options.ValidationFraction) = (new(), 0)).Fit(Pulse.View(_context, 20))).Message);
    }

    /// <summary>It would be trained and could not be saved.</summary>
    [TestMethod]
    [DataRow(50_000)]
    [DataRow(11_500)]
    public void AModelThatNoFileHoldsIsRefused(int hiddenSize) =>
        Assert.Contains(".HiddenSize must leave the model with at most 520093681 weights, which a model file can hold", Refused(options => options.HiddenSize = hiddenSize));

    [TestMethod]
    public void ClippingMayNameTheGroupsOfEitherKindOfSequence()
    {
        Pulse.Multiclass(_context, options => options.Clipping = GradientClipping.Parse("norm:1@embedding*"));
        Assert.Contains(
            "Options.Clipping must refer to groups that the model has",
            Assert.ThrowsExactly<ArgumentException>(() => Pulse.Multiclass(_context, options => options.Clipping = GradientClipping.Parse("norm:1@embedding*")).Fit(Pulse.Keyed(_context, 20))).Message);
        Assert.Contains("Options.Clipping must refer to groups that the model has", Refused(options => options.Clipping = GradientClipping.Parse("norm:1@layer7")));
    }

    [TestMethod]
    public void TheSimpleOverloadsSetWhatTheyName()
    {
        IDataView data = Pulse.Keyed(_context, 40);
        LstmTrainingReport[] reports =
        [
            _context.Regression.Trainers.Lstm("Value", "Features", 2, GradientClipping.ByValue(0.5f), 3, 2, 0.01f, "Weight").Fit(data).Training,
            _context.BinaryClassification.Trainers.Lstm("IsLate", "Features", 2, GradientClipping.ByValue(0.5f), 3, 2, 0.01f, "Weight").Fit(data).Training,
            _context.MulticlassClassification.Trainers.Lstm("Label", "Features", 2, GradientClipping.ByValue(0.5f), 3, 2, 0.01f, "Weight").Fit(data).Training,
            _context.MulticlassClassification.Trainers.LstmLabeling("StepLabels", "Features", 2, GradientClipping.ByValue(0.5f), 3, 2, 0.01f, "Weight").Fit(data).Training,
        ];
        foreach (LstmTrainingReport report in reports)
        {
            Assert.AreEqual(("2", "value:0.5", "3", "2", "0.01"),
                (report.Options["FeaturesPerStep"], report.Options["Clipping"], report.Options["HiddenSize"], report.Options["NumberOfEpochs"], report.Options["LearningRate"]));
        }

        Assert.AreEqual("norm:1", _context.Regression.Trainers.Lstm("Value", featuresPerStep: 2, numberOfEpochs: 1).Fit(data).Training.Clipping);
    }

    [TestMethod]
    public void OptionsAreCopied()
    {
        var options = Pulse.Small<LstmRegressionTrainer.Options>("Value");
        var trainer = _context.Regression.Trainers.Lstm(options);
        (options.LabelColumnName, options.HiddenSize) = ("", 0);
        Assert.AreEqual(8, trainer.Fit(Pulse.View(_context, 30)).Model.HiddenSize);
    }

    [TestMethod]
    [DataRow("balanced", "balanced")]
    [DataRow("1,2.50", "1,2.5")]
    public void ClassWeightsComeBackFromTheirText(string text, string printed)
    {
        Assert.AreEqual(printed, ClassWeights.Parse(text).ToString());
        Assert.AreEqual(ClassWeights.Parse(text), ClassWeights.Parse(printed));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("1,0")]
    [DataRow("1,x")]
    [DataRow("-1,1")]
    public void OtherClassWeightsAreRefused(string text) => Assert.ThrowsExactly<FormatException>(() => ClassWeights.Parse(text));

    private string Refused(Action<LstmMulticlassTrainer.Options> change) =>
        Assert.ThrowsExactly<ArgumentException>(() => Pulse.Multiclass(_context, change)).Message;

    private static void Check<TOptions>(IReadOnlyList<TrainerOption<TOptions>> table, Action<TOptions> create)
        where TOptions : LstmSequenceTrainerOptions, new()
    {
        Assert.AreSequenceEqual(
            typeof(TOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name).Except(NotData).Order(StringComparer.Ordinal).ToArray(),
            table.Select(option => option.Name).Order(StringComparer.Ordinal).ToArray());
        string owner = typeof(TOptions).FullName!["MlnetClip.".Length..].Replace('+', '.');
        foreach (TrainerOption<TOptions> option in table)
        {
            // Text forms round-trip.
            var options = new TOptions();
            option.Read(options, Samples[option.Name]);
            Assert.AreEqual(Samples[option.Name], option.Print(options));

            // Columns alone do not shape a model, nor do threads and what is measured.
            Assert.AreEqual(!option.Name.EndsWith("ColumnName", StringComparison.Ordinal) && option.Name is not ("NumberOfThreads" or "MeasureTimeSteps" or "CheckpointInterval" or "KeptCheckpoints"), option.ShapesModel, option.Name);

            // The doc comment has range and default.
            PropertyInfo property = typeof(TOptions).GetProperty(option.Name)!;
            XElement member = s_comments.Descendants("member").Single(m => m.Attribute("name")!.Value == $"P:{property.DeclaringType!.FullName!.Replace('+', '.')}.{option.Name}");
            string comment = string.Join(' ', member.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            if (option.Range is { } range) Assert.Contains(range.Describe(), comment, option.Name);
            Assert.Contains($"Default: {option.DefaultText ?? "null for "}", comment, option.Name);

            // Values outside the range are refused by name.
            if (option.Range is not { } legal) continue;
            Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            foreach (double value in (double[])[legal.Minimum, legal.Minimum - 1, legal.Maximum, legal.Maximum + 1, double.NaN, double.PositiveInfinity])
            {
                if (legal.Contains(value) || (type == typeof(int) && !(double.IsFinite(value) && value <= int.MaxValue))) continue;
                var illegal = new TOptions();
                property.SetValue(illegal, Convert.ChangeType(value, type, null));
                Assert.Contains($"{owner}.{option.Name} must be ", Assert.ThrowsExactly<ArgumentException>(() => create(illegal), $"{option.Name} {value}").Message);
            }
        }
    }

    private static readonly XDocument s_comments = XDocument.Load(Path.ChangeExtension(typeof(LstmTrainerOptions).Assembly.Location, ".xml"));
}
