using Microsoft.ML;
using MlnetClip.Optimizers;
using MlnetClip.Search.Conclusions;
using MlnetClip.Search.Trials;
using MlnetClip.Search.Worker;

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

        Assert.IsTrue(result.Calibration!.Exploded);
        Assert.IsGreaterThan(0, result.Calibration.Steps);
        Assert.IsGreaterThan(0, result.Calibration.NonFiniteSteps);
        Assert.IsTrue(double.IsFinite(result.Calibration.Max), "what is not finite is not measured");
        Assert.AreEqual(Verdict.Needed, result.Verdict);
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
        try
        {
            ClippingStudyResult result = Study(
                (trial, options) => options.MetricsCallback = trial == 2 ? _ => forever.Wait() : null,
                options => options with { Budget = new() { MaxModelToExplore = 5, TrialTimeInSeconds = 2 } }).Run(FrontStudy.Series(_mlContext));

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

        Assert.AreEqual(Verdict.NothingTrained, result.Verdict);
        Assert.IsNull(result.Recommendation);
        Assert.IsNull(result.BestModel);
        Assert.IsNull(result.Best);
    }

    [TestMethod]
    public void WhatFailsWithoutClippingIsThrownAtOnceAndTheStudyHasNotBegun()
    {
        int fits = 0;
        ClippingStudy study = Study((_, options) =>
        {
            fits++;
            options.InputColumnName = "Nowhere";
        });

        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => study.Run(FrontStudy.Series(_mlContext))).Message, "Nowhere");
        Assert.AreEqual(1, fits);
    }

    /// <summary>Steps so large that the weights overflow at once.</summary>
    private static void Explode(LstmForecastingTrainer.Options options) =>
        (options.Clipping, options.Optimizer, options.LearningRate) = (GradientClipping.None, Optimizer.Sgd(), 1000);

    /// <summary>A study whose trials are told apart by the order in which they begin.</summary>
    private ClippingStudy Study(Action<int, LstmForecastingTrainer.Options> change, Func<ClippingStudyOptions, ClippingStudyOptions>? studyChange = null)
    {
        int fits = -1;
        return FrontStudy.Create(_mlContext, options => (studyChange ?? (same => same))(options with
        {
            Pipeline = clipping => _mlContext.Forecasting.ForecastByLstm(
                FrontStudy.Forecaster(clipping, settings => change(Interlocked.Increment(ref fits), settings))),
        }));
    }
}
