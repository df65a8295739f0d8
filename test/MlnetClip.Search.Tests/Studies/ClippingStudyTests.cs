using Microsoft.ML;
using MlnetClip.Search.TestWorker;
using MlnetClip.TestKit;

namespace MlnetClip.Search.Tests.Studies;

[TestClass]
public sealed class ClippingStudyTests
{
    [TestMethod]
    public void AStudyCalibratesExploresConfirmsAndHandsOverAModel()
    {
        var mlContext = new MLContext(seed: 1);
        ClippingStudyResult result = FrontStudy.Create(mlContext).Run(FrontStudy.Series(mlContext));

        Assert.HasCount(14, result.Trials);
        Assert.AreEqual(GradientClipping.None, result.Curve[^1].Clipping);
        Assert.HasCount(3, result.Curve[^1].Losses);
        Assert.IsTrue(result.Unclipped!.Mean > 0 && result.Unclipped.Max >= result.Unclipped.Quantiles[95] && result.Unclipped.Quantiles[5] > 0);
        Assert.AreEqual(8, result.Unclipped.Reach!.TimeSteps);
        // 1 calibration for 4 epochs; its norms are those of the first.
        long stepsAFit = (long)result.Trials[0].Measure(TrialMeasures.Steps)!.Value;
        Assert.AreEqual(stepsAFit, 4 * result.Unclipped.Steps);
        Assert.AreEqual(result.Trials.Sum(trial => trial.Measure(TrialMeasures.Steps)!.Value) + stepsAFit, result.Steps);
        double[] thresholds = [.. result.Curve.SkipLast(1).Select(point => point.Threshold!.Value)];
        CollectionAssert.AreEqual(thresholds.Order().ToArray(), thresholds);
        Assert.IsTrue(thresholds[0] >= 0.1 * result.Unclipped.Quantiles[50] * 0.999 && thresholds[^1] <= 10 * result.Unclipped.Mean * 1.001);
        Assert.IsTrue(result.Curve.Zip(result.Curve.Skip(1)).All(pair => !(pair.First.Losses.ContainsKey(0) && pair.Second.Losses.ContainsKey(0)) || pair.First.ShareClipped >= pair.Second.ShareClipped - 0.1));
        Assert.AreEqual(0, result.Curve[^1].ShareClipped);

        var model = (LstmForecastingTransformer)result.BestModel!;
        Assert.AreEqual($"{result.Recommendation}", model.Training.Clipping);
        Assert.AreEqual(1, model.Training.Seed);
        CurvePoint recommended = result.Curve.Single(point => point.Clipping.Equals(result.Recommendation));
        Assert.AreEqual(recommended.Losses[0], model.Training.ValidationLoss);
        Assert.IsTrue(result.VerdictText.Length > 0 && result.Seconds > 0 && !result.TimeIsUp && result.Resumed == 0);
    }

    [TestMethod]
    public void TheResultDoesNotDependOnTheNumberOfWorkers()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView series = FrontStudy.Series(mlContext);
        string alone = Describe.All(FrontStudy.Create(mlContext).Run(series));

        foreach (int workers in new[] { 2, 5 })
            Assert.AreEqual(alone, Describe.All(FrontStudy.Create(mlContext, options => options with { Workers = workers }).Run(series)));
        StringAssert.Contains(alone, "Pruned");
        Assert.AreNotEqual(alone, Describe.All(FrontStudy.Create(mlContext, options => options with { Seed = 2 }).Run(series)));
    }

    [TestMethod]
    public void TheContextsSeedDecidesAndASeedOfTheOptionsGoesBeforeIt()
    {
        var one = new MLContext(seed: 5);
        var two = new MLContext(seed: 6);
        string expected = Describe.All(FrontStudy.Create(one, Short).Run(FrontStudy.Series(one)));

        Assert.AreEqual(expected, Describe.All(FrontStudy.Create(two, options => Short(options) with { Seed = 5 }).Run(FrontStudy.Series(two))));
        Assert.AreNotEqual(expected, Describe.All(FrontStudy.Create(two, Short).Run(FrontStudy.Series(two))));
    }

    [TestMethod]
    public async Task StoppedAnywhereAndResumedItFindsTheSame()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        IDataView series = FrontStudy.Series(mlContext);
        ClippingStudyResult whole = FrontStudy.Create(mlContext).Run(series);
        string file = folder.File("study.db");
        for (int stopAfter = 0; stopAfter < 12; stopAfter += 4)
        {
            using var stop = new CancellationTokenSource();
            ClippingStudy study = FrontStudy.Create(mlContext, options => options with
            {
                StoragePath = file, Workers = 2, Monitor = new Monitor(finished: trial => { if (trial.Number >= stopAfter && trial.Finished) stop.Cancel(); }),
            });
            await Assert.ThrowsAsync<OperationCanceledException>(() => study.RunAsync(series, cancellationToken: stop.Token));
        }

        ClippingStudyResult resumed = FrontStudy.Create(mlContext, options => options with { StoragePath = file }).Run(series);

        Assert.AreEqual(Describe.All(whole), Describe.All(resumed));
        Assert.IsGreaterThanOrEqualTo(9, resumed.Resumed);
        Assert.AreEqual(14, FrontStudy.Create(mlContext, options => options with { StoragePath = file }).Run(series).Resumed);
    }

    [TestMethod]
    public void AFinishedStudyGoesOnWithALargerBudget()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        IDataView series = FrontStudy.Series(mlContext);
        string file = folder.File("study.db");
        FrontStudy.Create(mlContext, options => options with { StoragePath = file }).SetMaxModelToExplore(6).Run(series);

        ClippingStudyResult result = FrontStudy.Create(mlContext, options => options with { StoragePath = file }).Run(series);

        Assert.AreEqual(6, result.Resumed);
        Assert.HasCount(8, result.Trials.Where(trial => trial.Number >= 6));
    }

    [TestMethod]
    public void GradientsThatVanishAreAFinding()
    {
        // Forget gates stay at a half when hardly anything is learned: after 30 of 60 time steps a billionth of the gradient is left.
        var mlContext = new MLContext(seed: 1);
        ClippingStudyResult result = FrontStudy.Create(mlContext, options => options with
        {
            Pipeline = clipping => mlContext.Forecasting.ForecastByLstm(
                FrontStudy.Forecaster(clipping, settings => (settings.WindowSize, settings.LearningRate) = (60, 1e-6f))),
        }).Run(FrontStudy.Series(mlContext));

        Assert.AreEqual(60, result.Unclipped!.Reach!.TimeSteps);
        Assert.IsLessThan(30, result.Unclipped.Reach.Reached);
        Assert.IsGreaterThan(1, result.Unclipped.Reach.Reached);
        Assert.AreEqual(StudyVerdict.Vanishing, result.Verdict);
        Assert.AreEqual("none", $"{result.Recommendation}");
        StringAssert.StartsWith(result.VerdictText, "the gradients vanish over the time steps");
    }

    [TestMethod]
    public void AFileOfAnotherStudyIsRefusedWithWhatDiffers()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        string file = folder.File("study.db");
        FrontStudy.Create(mlContext, options => Short(options) with { StoragePath = file }).Run(FrontStudy.Series(mlContext));

        string seed = Assert.ThrowsExactly<InvalidDataException>(
            () => FrontStudy.Create(mlContext, options => Short(options) with { StoragePath = file, Seed = 2 }).Run(FrontStudy.Series(mlContext))).Message;
        string rows = Assert.ThrowsExactly<InvalidDataException>(
            () => FrontStudy.Create(mlContext, options => Short(options) with { StoragePath = file }).Run(FrontStudy.Series(mlContext, rows: 119))).Message;

        StringAssert.Contains(seed, "It has  seed: 1");
        StringAssert.Contains(seed, "This is seed: 2");
        StringAssert.Contains(rows, "119 rows");
        Assert.DoesNotContain("seed", rows);
        StringAssert.Contains(rows, "Hint: ");
    }

    [TestMethod]
    public void AnotherModelOrOtherDataOfEqualLengthAreAnotherStudy()
    {
        using var store = new InMemoryStudyStore();
        var mlContext = new MLContext(seed: 1);
        ClippingStudyResult Run(int hidden, int from) => FrontStudy.Create(mlContext, options => Short(options) with
        {
            Store = store,
            Pipeline = clipping => mlContext.Forecasting.ForecastByLstm(FrontStudy.Forecaster(clipping, forecaster => forecaster.HiddenSize = hidden)),
        }).Run(FrontStudy.Series(mlContext, from));
        Run(hidden: 4, from: 0);

        string model = Assert.ThrowsExactly<InvalidDataException>(() => Run(hidden: 5, from: 0)).Message;
        string data = Assert.ThrowsExactly<InvalidDataException>(() => Run(hidden: 4, from: 1)).Message;

        StringAssert.Contains(model, "It has  trainer's HiddenSize: 4");
        StringAssert.Contains(model, "This is trainer's HiddenSize: 5");
        Assert.DoesNotContain("SHA", model);
        StringAssert.Contains(data, "values that the trainer sees: ");
        Assert.DoesNotContain("HiddenSize", data);
        Assert.AreEqual(5, Run(hidden: 4, from: 0).Resumed, "the store is not disposed of");
    }

    [TestMethod]
    public void OtherWeightsToBeginWithAreAnotherStudyAndWithoutAnEpochThereIsNone()
    {
        using var store = new InMemoryStudyStore();
        var mlContext = new MLContext(seed: 1);
        IDataView series = FrontStudy.Series(mlContext);
        ClippingStudyResult Run(InitialWeights? weights, int epochs = 2) => FrontStudy.Create(mlContext, options => Short(options) with
        {
            Store = store,
            Pipeline = clipping => mlContext.Forecasting.ForecastByLstm(FrontStudy.Forecaster(clipping, forecaster => (forecaster.InitialWeights, forecaster.NumberOfEpochs) = (weights, epochs))),
        }).Run(series);
        InitialWeights WeightsOf(int seed) => new MLContext(seed).Forecasting.ForecastByLstm(FrontStudy.Forecaster(GradientClipping.None)).Fit(series).Model.ToInitialWeights();
        InitialWeights one = WeightsOf(1);
        string none = Assert.ThrowsExactly<ArgumentException>(() => Run(one, epochs: 0)).Message;
        Run(one);
        string other = Assert.ThrowsExactly<InvalidDataException>(() => Run(WeightsOf(2))).Message;

        Assert.AreEqual("A study must train for 1 epoch or more, but NumberOfEpochs was 0: without a training step there is no gradient to clip.", none);
        StringAssert.Contains(other, $"It has  trainer's StartedFrom: {one}, SHA-256 ");
        Assert.AreEqual(5, Run(WeightsOf(1)).Resumed);
    }

    [TestMethod]
    public void OneSeedIsTooFewForAVerdict()
    {
        var mlContext = new MLContext(seed: 1);
        ClippingStudyResult result = FrontStudy.Create(mlContext).SetMaxModelToExplore(2).Run(FrontStudy.Series(mlContext));

        Assert.AreEqual((StudyVerdict.CannotTell, CannotTellReason.TooFewSeeds), (result.Verdict, result.Conclusion.Reason!.Value));
        Assert.IsNull(result.Recommendation);
        Assert.AreEqual(result.Best!.Clipping, result.ModelSettings!.Clipping);
        Assert.AreEqual($"{result.Best.Clipping}", ((LstmForecastingTransformer)result.BestModel!).Training.Clipping);
    }

    [TestMethod]
    public void ALossThatFallsIsNoDivergence()
    {
        // Without clipping it learns more slowly than the best by far, and does learn.
        var mlContext = new MLContext(seed: 1);
        ClippingStudyResult result = FrontStudy.Create(mlContext, options => options with
        {
            Pipeline = clipping => mlContext.Forecasting.ForecastByLstm(
                FrontStudy.Forecaster(clipping, forecaster =>
                    (forecaster.NumberOfEpochs, forecaster.LearningRate) = (20, clipping == GradientClipping.None ? 1e-4f : 0.05f))),
        }).Run(FrontStudy.Series(mlContext));

        CurvePoint none = result.Curve[^1];
        Assert.IsGreaterThan(2 * result.Best!.Mean, none.Mean, "less than half the loss with clipping");
        Assert.IsFalse(none.Diverged);
        Assert.AreEqual(StudyVerdict.Helps, result.Verdict, result.VerdictText);
    }

    [TestMethod]
    [DataRow(3600.0 * 1200)]
    [DataRow(1e9)]
    public void TimesBeyondWhatTimersTakeAreLegal(double seconds)
    {
        var mlContext = new MLContext(seed: 1);
        ClippingStudyResult result = FrontStudy.Create(
            mlContext, options => Short(options) with { Budget = new() { MaxModelToExplore = 2, TrainingTimeInSeconds = seconds, TrialTimeInSeconds = seconds } }).Run(FrontStudy.Series(mlContext));

        Assert.HasCount(2, result.Trials);
        Assert.IsFalse(result.TimeIsUp);
    }

    [TestMethod]
    public void TheMonitorSeesEveryTrialAndEpoch()
    {
        var mlContext = new MLContext(seed: 1);
        var monitor = new Monitor();
        ClippingStudyResult result = FrontStudy.Create(mlContext, Short).SetMonitor(monitor).Run(FrontStudy.Series(mlContext));

        CollectionAssert.AreEqual(
            result.Trials.SelectMany(trial => new[] { $"+{trial.Number}" }.Concat(trial.Reports.Select(report => $"{trial.Number}@{report.Step}")).Append($"-{trial.Number}")).ToArray(),
            monitor.Seen.ToArray());
    }

    [TestMethod]
    public void WhatHappensIsLogged()
    {
        var mlContext = new MLContext(seed: 1);
        var lines = new List<string>();
        mlContext.Log += (_, message) => { lock (lines) lines.Add(message.Message); };
        FrontStudy.Create(mlContext, Short).Run(FrontStudy.Series(mlContext));

        Assert.AreEqual(5, lines.Count(line => line.Contains("ClippingStudy", StringComparison.Ordinal) && line.Contains("Trial ", StringComparison.Ordinal)));
        Assert.IsTrue(lines.Any(line => line.Contains("The study is done: ", StringComparison.Ordinal)), string.Join('\n', lines));
    }

    [TestMethod]
    public void WhenTheTimeIsOverItConcludesFromWhatItHas()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        var clock = new ManualClock();
        ClippingStudy study = FrontStudy.Create(mlContext, options => options with
        {
            StoragePath = folder.File("study.db"), Budget = new() { MaxModelToExplore = 1000 }, Seeds = 100, Clock = clock,
            Monitor = new Monitor(finished: _ => clock.Advance(TimeSpan.FromSeconds(0.1))), // each trial takes that long
        });
        ClippingStudyResult result = study.SetTrainingTimeInSeconds(1.5).Run(FrontStudy.Series(mlContext));

        Assert.IsTrue(result.TimeIsUp);
        Assert.IsNotNull(result.BestModel);
        Assert.IsTrue(result.Trials.Any(trial => trial.Stage == TrialStage.Confirm), "half of the time explores");
        Assert.IsInRange(1.5, 30, result.Seconds); // a few trials may still end while the study stops
    }

    [TestMethod]
    public void TwoStudiesInOneProcessShareAFile()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        IDataView series = FrontStudy.Series(mlContext);
        string alone = Describe.All(FrontStudy.Create(mlContext).Run(series));
        string file = folder.File("study.db");
        ClippingStudyResult[] both = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => FrontStudy.Create(
            mlContext, options => options with { StoragePath = file }).RunAsync(series))).GetAwaiter().GetResult();

        Assert.AreEqual(alone, Describe.All(both[0]));
        Assert.AreEqual(alone, Describe.All(both[1]));
    }

    private static ClippingStudyOptions Short(ClippingStudyOptions options) => options with { Budget = new StudyBudget { MaxModelToExplore = 5 } };
}
