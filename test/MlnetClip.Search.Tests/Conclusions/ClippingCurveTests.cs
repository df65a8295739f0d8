using MlnetClip.Search.Conclusions;
using MlnetClip.Search.Planning;
using MlnetClip.Search.Spaces;
using MlnetClip.Search.Trials;

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

        CollectionAssert.AreEqual(new[] { "norm:0.1", "norm:1", "norm:10", "none" }, curve.Select(point => point.Clipping).ToArray());
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

        Assert.AreEqual(1, point.Failures);
        Assert.AreEqual(double.PositiveInfinity, point.Mean);
        Assert.AreEqual(1, point.Diverged);
        Assert.AreEqual("norm:1: diverged", point.ToString());
    }

    [TestMethod]
    [DataRow(FailureKind.Timeout)]
    [DataRow(FailureKind.Exception)]
    [DataRow(FailureKind.ProcessLost)]
    public void WhatTookTooLongOrThrewDidNotDiverge(FailureKind kind)
    {
        Trial failed = At("1", 1, 0) with { State = TrialState.Failed, Value = null, Failure = new TrialFailure(kind, "No.") };
        CurvePoint point = Of(None(1), At("1", 0, 2), failed)[0];

        Assert.AreEqual(1, point.Failures);
        Assert.AreEqual(0, point.Diverged);
        Assert.AreEqual("norm:1: failed", point.ToString());
    }

    [TestMethod]
    public void WithoutClippingStepsThatWereLeftOutCountAsDivergence()
    {
        Trial calibration = None(1) with { Measures = new Dictionary<string, double> { [TrialMeasures.NonFiniteSteps] = 1 } };
        CurvePoint point = Of(calibration, At("1", 0, 2))[^1];

        Assert.AreEqual(1, point.Diverged);
        Assert.AreEqual(double.PositiveInfinity, point.Mean, "the pipeline's own policy need not leave them out");
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
