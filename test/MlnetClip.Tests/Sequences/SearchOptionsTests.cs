using System.Reflection;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.SearchSpace;
using MlnetClip.Settings;

namespace MlnetClip.Tests.Sequences;

/// <summary>
/// The classes that describe a search space to Microsoft.ML.AutoML, which is not referenced here: what it does with them, it does by
/// their attributes and by JSON.
/// </summary>
[TestClass]
public sealed class SearchOptionsTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Regression() => Check(LstmRegressionTrainer.Options.Table, (LstmRegressionSearchOptions found) => found.ToOptions());

    [TestMethod]
    public void Binary() => Check(LstmBinaryTrainer.Options.Table, (LstmBinarySearchOptions found) => found.ToOptions());

    [TestMethod]
    public void Multiclass() => Check(LstmMulticlassTrainer.Options.Table, (LstmMulticlassSearchOptions found) => found.ToOptions());

    [TestMethod]
    public void Labeling() => Check(LstmLabelingTrainer.Options.Table, (LstmLabelingSearchOptions found) => found.ToOptions());

    [TestMethod]
    public void Forecasting() => Check(LstmForecastingTrainer.Options.Table, (LstmForecastingSearchOptions found) => found.ToOptions(), options: 7);

    [TestMethod]
    public void AProposalTrains()
    {
        const string Proposal =
            """
            {"HiddenSize": 8, "NumberOfLayers": 1, "Cell": "Gru", "Bidirectional": true, "Dropout": 0.1, "LearningRate": 0.02, "BatchSize": 16, "NumberOfEpochs": 5,
             "Clipping": "norm:5", "Pooling": "Mean", "ClassWeights": "balanced"}
            """;
        LstmMulticlassTrainer.Options options = JsonSerializer.Deserialize<LstmMulticlassSearchOptions>(Proposal)!.ToOptions();
        options.FeaturesPerStep = Pulse.PerStep;
        LstmTrainingReport training = _context.MulticlassClassification.Trainers.Lstm(options).Fit(Pulse.Keyed(_context, 40)).Training;
        Assert.AreEqual(("8", "Gru", "true", "Mean", "balanced", "norm:5"),
            (training.Options["HiddenSize"], training.Options["Cell"], training.Options["Bidirectional"], training.Options["Pooling"], training.Options["ClassWeights"], training.Clipping));
    }

    private static void Check<TSearch, TOptions>(IReadOnlyList<TrainerOption<TOptions>> table, Func<TSearch, TOptions> toOptions, int options = 10)
        where TSearch : class, new()
    {
        PropertyInfo[] properties = typeof(TSearch).GetProperties();
        Assert.IsGreaterThanOrEqualTo(options, properties.Length);
        foreach (PropertyInfo property in properties)
        {
            // Every option that is searched is one of the trainer's, and has its default.
            TrainerOption<TOptions> option = table.Single(candidate => candidate.Name == property.Name);
            Assert.AreEqual(option.Print(Activator.CreateInstance<TOptions>()), option.Print(toOptions(new TSearch())), property.Name);
            foreach (object value in Values(property, option.Range))
            {
                var search = new TSearch();
                property.SetValue(search, value);
                TOptions chosen = toOptions(search), read = Activator.CreateInstance<TOptions>();
                option.Read(read, option.Print(chosen));
                Assert.AreEqual(option.Print(chosen), option.Print(read), property.Name);
                Assert.AreEqual(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture), option.Print(chosen), ignoreCase: true, property.Name);
            }
        }
    }

    /// <summary>The values at the ends of a range, or all of a choice, after a check of the attribute.</summary>
    private static IEnumerable<object> Values(PropertyInfo property, OptionRange? legal)
    {
        Attribute attribute = property.GetCustomAttributes().Single(found => found is RangeAttribute or ChoiceAttribute or BooleanChoiceAttribute);
        switch (attribute)
        {
            case RangeAttribute range:
                object minimum = range.Min, maximum = range.Max;
                Assert.AreEqual(property.PropertyType, minimum.GetType(), $"the type of {property.Name}'s range");
                Assert.AreEqual(property.GetValue(Activator.CreateInstance(property.ReflectedType!)), range.Init, property.Name);
                Assert.IsTrue(legal!.Contains(Convert.ToDouble(minimum, null)) && legal.Contains(Convert.ToDouble(maximum, null)), property.Name);
                if (range.LogBase) Assert.IsGreaterThan(0, Convert.ToDouble(minimum, null));
                return [minimum, maximum];
            case ChoiceAttribute choice:
                Assert.Contains(choice.DefaultValue!, choice.Candidates);
                return choice.Candidates;
            default:
                return [true, false];
        }
    }
}
