using Microsoft.ML;
using MlnetClip.Optimizers;
using MlnetClip.Search.TestWorker;

namespace MlnetClip.Search.Tests.Studies;

/// <summary>Trials that fail, each in its way, are recorded, and the study goes on.</summary>
[TestClass]
public sealed class FailingTrialsTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [TestMethod]
    public void NaNIsAFailureOfItsTrialAlone()
    {
        ClippingStudyResult result = Study((trial, options) => { if (trial % 3 == 1) Explode(options); }).Run(FrontStudy.Series(_mlContext));

        Trial[] failed = [.. result.Trials.Where(trial => trial.State == TrialState.Failed)];
        Assert.IsNotEmpty(failed);
        Assert.IsTrue(failed.All(trial => trial.Failure!.Kind == FailureKind.NonFinite));
        Assert.IsNotNull(result.BestModel);
    }

    [TestMethod]
    public void AnExplodingCalibrationIsAFinding()
    {
        ClippingStudyResult result = Study((trial, options) => { if (trial == 0) Explode(options); }).Run(FrontStudy.Series(_mlContext));

        Assert.IsTrue(result.Unclipped!.Diverged);
        Assert.IsGreaterThan(0, result.Unclipped.Steps);
        Assert.IsGreaterThan(0, result.Unclipped.NonFiniteSteps);
        Assert.IsTrue(double.IsFinite(result.Unclipped.Max), "what is not finite is not measured");
        Assert.AreEqual(StudyVerdict.Needed, result.Verdict);
        Assert.HasCount(14, result.Trials);
    }

    [TestMethod]
    public void AnExceptionIsAFailureOfItsTrialAlone()
    {
        ClippingStudyResult result = Study((trial, options) => options.MetricsCallback = trial % 3 == 1 ? _ => throw new TimeZoneNotFoundException("Where?") : null)
            .Run(FrontStudy.Series(_mlContext));

        Trial failed = result.Trials.First(trial => trial.State == TrialState.Failed);
        Assert.AreEqual(FailureKind.Exception, failed.Failure!.Kind);
        StringAssert.Contains(failed.Failure.Message, "TimeZoneNotFoundException: Where?");
        Assert.IsGreaterThan(0, failed.Measure(TrialMeasures.Steps)!.Value, "steps spent before count");
    }

    [TestMethod]
    public void ATrialThatHangsIsLeftBehind()
    {
        using var forever = new ManualResetEventSlim();
        var clock = new ManualClock();
        try
        {
            ClippingStudyResult result = Study(
                (trial, options) => options.MetricsCallback = trial == 2 ? _ => Hang(clock, forever) : null,
                options => options with { Budget = new() { MaxModelToExplore = 5, TrialTimeInSeconds = 2 }, Clock = clock, Monitor = new Monitor(_ => clock.Resume()) })
                .Run(FrontStudy.Series(_mlContext));

            Assert.AreEqual(FailureKind.Timeout, result.Trials.Single(trial => trial.State == TrialState.Failed).Failure!.Kind);
            Assert.HasCount(5, result.Trials);
        }
        finally
        {
            forever.Set();
        }
    }

    [TestMethod]
    public void ACancelledTrialIsAlone()
    {
        ClippingStudy? study = null;
        study = Study((_, _) => { }, options => options with
        {
            Monitor = new Monitor(started: trial => { if (trial.Number == 2) Assert.IsTrue(study!.CancelTrial(2)); }),
        });
        ClippingStudyResult result = study.Run(FrontStudy.Series(_mlContext));

        Assert.AreEqual(2, result.Trials.Single(trial => trial.State == TrialState.Cancelled).Number);
        Assert.HasCount(14, result.Trials);
        Assert.IsFalse(study.CancelTrial(3), "nothing runs");
    }

    [TestMethod]
    public void WhenEveryTrialExplodesNothingIsRecommended()
    {
        ClippingStudyResult result = Study((_, options) => Explode(options)).Run(FrontStudy.Series(_mlContext));

        Assert.AreEqual(StudyVerdict.NothingTrained, result.Verdict);
        Assert.IsNull(result.Recommendation);
        Assert.IsNull(result.BestModel);
        Assert.IsNull(result.Best);
    }

    [TestMethod]
    public void WhatFailsWithoutClippingIsThrownAtOnceAndTheStudyHasNotBegun()
    {
        int fits = 0;
        using var store = new InMemoryStudyStore();
        ClippingStudy study = Study((_, options) =>
        {
            fits++;
            options.InputColumnName = "Nowhere";
        }, options => options with { Store = store });

        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => study.Run(FrontStudy.Series(_mlContext))).Message, "Nowhere");
        Assert.AreEqual(1, fits);
        Assert.IsEmpty(store.GetTrials());
    }

    [TestMethod]
    public void WhereEveryClippedTrialTakesTooLongItCannotTell()
    {
        using var forever = new ManualResetEventSlim();
        var clock = new ManualClock();
        ClippingStudyResult result;
        try
        {
            result = Study(
                (trial, options) => options.MetricsCallback = trial == 1 ? _ => Hang(clock, forever) : null,
                options => options with { Budget = new() { MaxModelToExplore = 2, TrialTimeInSeconds = 3 }, Clock = clock, Monitor = new Monitor(_ => clock.Resume()) })
                .Run(FrontStudy.Series(_mlContext));
        }
        finally
        {
            forever.Set();
        }

        Assert.AreEqual((StudyVerdict.CannotTell, CannotTellReason.ClippedFailed), (result.Verdict, result.Conclusion.Reason!.Value), result.VerdictText);
        Assert.IsNull(result.Recommendation);
        Assert.AreEqual(GradientClipping.None, result.ModelSettings!.Clipping);
        Assert.IsNotNull(result.BestModel, "the best so far");
    }

    [TestMethod]
    public void AMetricThatIsNotANumberIsNoDivergence()
    {
        ClippingStudyResult result = Study((_, _) => { }, options => options with { Metric = _ => double.NaN, Budget = new() { MaxModelToExplore = 5 } })
            .Run(FrontStudy.Series(_mlContext), FrontStudy.Series(_mlContext, 120, 60));

        Assert.AreEqual(StudyVerdict.NothingTrained, result.Verdict);
        Trial[] failed = [.. result.Trials.Where(trial => trial.State == TrialState.Failed)];
        Assert.IsNotEmpty(failed);
        Assert.IsTrue(failed.All(trial => trial.Failure!.Kind == FailureKind.Metric && !trial.Diverged), result.VerdictText);
        Assert.IsFalse(result.Unclipped!.Diverged);
        StringAssert.Contains(result.VerdictText, "had a metric that is not a number");
    }

    [TestMethod]
    public void NormsFromBeforeADivergenceDecideTheThresholds()
    {
        // Steps so long that the loss jumps by orders of magnitude and stays finite.
        ClippingStudyResult result = Study((_, options) =>
            (options.Optimizer, options.LearningRate, options.HiddenSize, options.NumberOfEpochs) = (Optimizer.Sgd(momentum: 0.9f), 10, 8, 8))
            .Run(FrontStudy.Series(_mlContext));

        Assert.IsTrue(result.Unclipped!.Diverged, $"{result.Trials[0].Failure} {string.Join(' ', result.Trials[0].Measures)}");
        Assert.IsLessThan(100, result.Unclipped.Max);
        double[] thresholds = [.. result.Curve.SkipLast(1).Select(point => point.Threshold!.Value)];
        Assert.IsTrue(thresholds.Any(threshold => threshold < 0.05) && thresholds.All(threshold => threshold < 1000), string.Join(' ', thresholds));
        CurvePoint best = result.Curve.Where(point => !point.IsNone && point.Losses.Count > 0).MinBy(point => point.Losses.Values.Average())!;
        Assert.IsLessThan(0.1 * (result.Curve[^1].Losses.Count == 0 ? 1e9 : result.Curve[^1].Losses.Values.Average()), best.Losses.Values.Average());
    }

    /// <summary>Lets a minute pass, more than a trial may take and is then waited for, and does not return.</summary>
    private static void Hang(ManualClock clock, ManualResetEventSlim forever)
    {
        clock.Expire(TimeSpan.FromMinutes(1));
        forever.Wait();
    }

    /// <summary>Steps so large that the weights overflow at once; what is tried clips the biases alone, and cannot stop that.</summary>
    private static void Explode(LstmForecastingTrainer.Options options) =>
        (options.Clipping, options.Optimizer, options.LearningRate) = (GradientClipping.ForParameters("bias", options.Clipping), Optimizer.Sgd(), 1000);

    /// <summary>A study whose trials are told apart by the order in which they begin.</summary>
    private ClippingStudy Study(Action<int, LstmForecastingTrainer.Options> change, Func<ClippingStudyOptions, ClippingStudyOptions>? studyChange = null)
    {
        int fits = -2; // the first fit is the probe
        return FrontStudy.Create(_mlContext, options => (studyChange ?? (same => same))(options with
        {
            Pipeline = clipping => _mlContext.Forecasting.ForecastByLstm(
                FrontStudy.Forecaster(clipping, settings => change(Interlocked.Increment(ref fits), settings))),
        }));
    }
}
