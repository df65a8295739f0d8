using MlnetClip.Search.Conclusions;
using MlnetClip.Search.Planning;
using MlnetClip.Search.Spaces;

namespace MlnetClip.Search.Tests.Conclusions;

[TestClass]
public sealed class ClippingCurveTests
{
    private static readonly SearchSpace Space = SearchSpace.Logarithmic("norm", 0.01, 100);

    private static readonly TrialReport[] Way = [new(1, 4), new(2, 2), new(3, 1)];

    [TestMethod]
    public void PointsComeByThresholdAndNoneLast()
    {
        IReadOnlyList<CurvePoint> curve = Of(None(1), At("10", 0, 2), At("0.1", 0, 3), At("1", 0, 1));

        CollectionAssert.AreEqual(new[] { "norm:0.1", "norm:1", "norm:10", "none" }, curve.Select(point => $"{point.Clipping}").ToArray());
        CollectionAssert.AreEqual(new double?[] { 0.1, 1, 10, double.PositiveInfinity }, curve.Select(point => point.Threshold).ToArray());
    }

    [TestMethod]
    public void APointGathersItsSeedsAndOneTriedTwiceCountsOnce()
    {
        CurvePoint point = Of(None(1), At("1", 0, 2, share: 0.5), At("1", 0, 2, share: 0.5), At("1", 1, 4, share: 0.7))[0];

        Assert.HasCount(2, point.Losses);
        Assert.AreEqual(3, point.Mean);
        Assert.AreEqual(Math.Sqrt(2), point.Spread, 1e-12);
        Assert.AreEqual(0.6, point.ShareClipped, 1e-12);
        Assert.AreEqual("norm:1: loss 3 +- 1.4 over 2 seeds, 60% of the steps clipped", point.ToString());
    }

    [TestMethod]
    public void AFailureMakesAPointInfinitelyBad()
    {
        Trial failed = At("1", 1, 0) with { State = TrialState.Failed, Value = null, Failure = new TrialFailure(FailureKind.NonFinite, "It exploded.") };
        CurvePoint point = Of(None(1), At("1", 0, 2), failed)[0];

        Assert.HasCount(1, point.Failures);
        Assert.AreEqual(double.PositiveInfinity, point.Mean);
        CollectionAssert.AreEqual(new[] { 1 }, point.DivergedSeeds.ToArray());
        Assert.AreEqual(2, point.Seeds, "a fit that diverged has ended");
        Assert.AreEqual("norm:1: diverged", point.ToString());
    }

    [TestMethod]
    [DataRow(FailureKind.Timeout)]
    [DataRow(FailureKind.Exception)]
    [DataRow(FailureKind.ProcessLost)]
    [DataRow(FailureKind.Metric)]
    public void WhatTookTooLongOrThrewDidNotDiverge(FailureKind kind)
    {
        Trial failed = At("1", 1, 0) with { State = TrialState.Failed, Value = null, Failure = new TrialFailure(kind, "No.") };
        CurvePoint point = Of(None(1), At("1", 0, 2), failed)[0];

        Assert.IsTrue(point.Failed);
        Assert.IsFalse(point.Diverged);
        Assert.AreEqual(1, point.Seeds);
        Assert.AreEqual("norm:1: failed", point.ToString());
    }

    [TestMethod]
    public void WithoutClippingStepsThatWereLeftOutCountAsDivergence()
    {
        Trial calibration = None(1) with { Measures = new Dictionary<string, double> { [TrialMeasures.NonFiniteSteps] = 1 } };
        CurvePoint point = Of(calibration, At("1", 0, 2))[^1];

        Assert.IsTrue(point.Diverged);
        Assert.AreEqual(double.PositiveInfinity, point.Mean, "the pipeline's own policy need not leave them out");
    }

    [TestMethod]
    [DataRow(1.0, 1.4, false)]
    [DataRow(1.0, 1.6, true)]
    [DataRow(2.0, 0.1, false)]
    public void ALossThatEndsAboveWhereItBeganDiverged(double begun, double ended, bool diverged)
    {
        Trial trial = At("1", 0, 0.9) with { Measures = new Dictionary<string, double> { [TrialMeasures.LossBegun] = begun, [TrialMeasures.LossEnded] = ended } };
        Assert.AreEqual(diverged, trial.Diverged);
        Assert.AreEqual(diverged, Of(None(1), trial)[0].Diverged);
    }

    [TestMethod]
    public void ThresholdsOfSeveralRulesStandByRuleAndNumber()
    {
        var space = new ClippingSpace { Rules = [SearchedRule.GlobalNorm, SearchedRule.AdaptiveByUnit] };
        Trial Tried(int number, string rule, double threshold) => Past.Complete(number, new SearchPoint([new PointValue("rule", 0, rule), new PointValue(rule, threshold)]), 1);

        IReadOnlyList<CurvePoint> curve = ClippingCurve.Of([None(1), Tried(1, "agc", 0.1), Tried(2, "norm", 10), Tried(3, "norm", 2), Tried(4, "agc", 0.01)], space);

        CollectionAssert.AreEqual(new[] { "norm:2", "norm:10", "agc:0.01", "agc:0.1", "none" }, curve.Select(point => $"{point.Clipping}").ToArray());
        Assert.IsTrue(curve.SkipLast(1).All(point => point.Threshold is null));
    }

    [TestMethod]
    public void LossesAreComparedWithThoseOfNoClippingAtTheSameEpoch()
    {
        Trial pruned = At("1", 0, 3) with { State = TrialState.Pruned, Reports = [new(1, 5), new(2, 3)] };
        Trial cancelled = At("2", 0, 3) with { State = TrialState.Cancelled };

        Assert.AreEqual(0.5, Of(None(1), pruned)[0].AboveNone, "3 against 2 at epoch 2");
        Assert.AreEqual("norm:1: stopped early", Of(None(1), pruned)[0].ToString());
        Assert.AreEqual(1, Of(None(1), At("1", 0, 2))[0].AboveNone);
        Assert.AreEqual(-0.5, Of(None(-1), At("1", 0, -1.5))[0].AboveNone);
        Assert.IsTrue(double.IsNaN(Of(None(1) with { State = TrialState.Failed, Value = null, Reports = [] }, pruned)[0].AboveNone));
        Assert.HasCount(1, Of(None(1), cancelled));
    }

    private static IReadOnlyList<CurvePoint> Of(params Trial[] trials) => ClippingCurve.Of(trials, new ClippingSpace());

    private static Trial None(double loss) => new(0, 0, new TrialRequest(TrialStage.Calibrate, SearchPoint.Empty)) { State = TrialState.Complete, Value = loss, Reports = Way };

    private static Trial At(string threshold, int seed, double loss, double share = 0) => new(
        1, 1, new TrialRequest(seed == 0 ? TrialStage.Explore : TrialStage.Confirm, Space.Read($"norm={threshold}"), seed))
    {
        State = TrialState.Complete, Value = loss, Reports = Way, Measures = new Dictionary<string, double> { [TrialMeasures.ShareClipped] = share },
    };
}
