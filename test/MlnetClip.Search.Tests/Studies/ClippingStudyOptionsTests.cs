using Microsoft.ML;
using MlnetClip.Settings;
using MlnetClip.TestKit;

namespace MlnetClip.Search.Tests.Studies;

[TestClass]
public sealed class ClippingStudyOptionsTests
{
    private static readonly MLContext MLContext = new(seed: 1);

    private static readonly ClippingStudyOptions Legal = new() { Pipeline = _ => throw new NotSupportedException() };

    [TestMethod]
    public void TheDefaultsAreLegal() => Assert.IsNotNull(MLContext.CreateClippingStudy(Legal));

    [TestMethod]
    [DataRow(40, null, 29.0)]
    [DataRow(100, null, 74.0)]
    [DataRow(4, null, 16.0)]
    [DataRow(40, 20.5, 20.5)]
    public void WholeFitsAreThreeQuartersOfTheTrialsByDefault(int trials, double? given, double fits) =>
        Assert.AreEqual(fits, new StudyBudget { MaxModelToExplore = trials, MaxWholeFits = given }.WholeFits);

    [TestMethod]
    public void ErrorsAreReportedTogether()
    {
        string message = Refuse(new ClippingStudyOptions
        {
            Seeds = 0, Workers = 0, GenerationSize = 0, StoragePath = " ", Rules = [SearchedRule.Value, SearchedRule.Value], BatchSizes = [0],
            LearningRates = (1, 0.1), Thresholds = (0, 1), Budget = new() { MaxModelToExplore = 1, TrainingTimeInSeconds = 0, TrialTimeInSeconds = -1, MaxWholeFits = 1 },
        });

        foreach (string option in new[]
        {
            "Pipeline", "Seeds", "Workers", "GenerationSize", "StoragePath", "Rules", "BatchSizes", "LearningRates", "Thresholds", "MaxModelToExplore",
            "TrainingTimeInSeconds", "TrialTimeInSeconds", "MaxWholeFits", "PipelineFromSettings",
        })
            StringAssert.Contains(message, $"ClippingStudyOptions.{option} ");
        StringAssert.Contains(message, "GenerationSize must be a whole number from 1 to 1024, but was 0.");
    }

    [TestMethod]
    public void APipelineIsMadeInOneWay()
    {
        StringAssert.Contains(Refuse(new ClippingStudyOptions()), "but was neither");
        StringAssert.Contains(Refuse(Legal with { PipelineFromSettings = _ => throw new NotSupportedException() }), "but was both");
    }

    [TestMethod]
    public void AStudyIsKeptInOnePlace()
    {
        using var store = new InMemoryStudyStore();
        StringAssert.Contains(Refuse(Legal with { StoragePath = "a.db", Store = store }), "ClippingStudyOptions.Store must be null where StoragePath names a file, but was InMemoryStudyStore.");
    }

    [TestMethod]
    public void NullsAreNamed()
    {
        string message = Refuse(Legal with { Budget = null!, Rules = null!, BatchSizes = null!, Sampler = null!, Pruner = null!, Identity = null! });
        foreach (string option in new[] { "Budget", "Rules", "BatchSizes", "Sampler", "Pruner", "Identity" }) StringAssert.Contains(message, $"{option} must be set, but was null");
    }

    [TestMethod]
    public void NumbersOutsideTheirRangesAreRefused()
    {
        foreach (OptionRange range in StudyBudget.Ranges.Where(range => !range.Whole))
        {
            foreach (float value in IllegalValues.Of(range))
            {
                StudyBudget budget = range.Option switch
                {
                    nameof(StudyBudget.TrainingTimeInSeconds) => new() { TrainingTimeInSeconds = value },
                    nameof(StudyBudget.TrialTimeInSeconds) => new() { TrialTimeInSeconds = value },
                    _ => new() { MaxWholeFits = value },
                };
                StringAssert.Contains(Refuse(Legal with { Budget = budget }), range.Option);
            }
        }

        foreach (var (minimum, maximum) in new[] { (0.0, 1.0), (-1, 1), (1, 1), (2, 1), (double.NaN, 1), (1, double.NaN), (1, double.PositiveInfinity) })
        {
            StringAssert.Contains(Refuse(Legal with { Thresholds = (minimum, maximum) }), "Thresholds must be two numbers above 0");
        }
    }

    [TestMethod]
    public void TheWordsOfAutoMLSetTheBudget()
    {
        ClippingStudy study = MLContext.CreateClippingStudy(Legal);

        Assert.AreSame(study, study.SetMaxModelToExplore(7).SetTrainingTimeInSeconds(3));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => study.SetMaxModelToExplore(1)).Message, "MaxModelToExplore must be a whole number from 2 to 100000, but was 1.");
        Assert.ThrowsExactly<ArgumentException>(() => study.SetTrainingTimeInSeconds(double.NaN));
    }

    private static string Refuse(ClippingStudyOptions options) => Assert.ThrowsExactly<ArgumentException>(() => MLContext.CreateClippingStudy(options)).Message;
}
