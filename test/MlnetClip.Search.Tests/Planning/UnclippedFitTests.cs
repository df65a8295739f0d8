namespace MlnetClip.Search.Tests.Planning;

[TestClass]
public sealed class UnclippedFitTests
{
    private static readonly Trial Ended = new(0, 0, new TrialRequest(TrialStage.Calibrate, SearchPoint.Empty)) { State = TrialState.Complete, Value = 1 };

    [TestMethod]
    public void TheRangeReachesFromATenthOfTheMedianToTenTimesTheMean()
    {
        var (minimum, maximum) = Of(mean: 2, median: 1, q90: 4).NormRange()!.Value;

        Assert.AreEqual(0.1, minimum, 1e-12);
        Assert.AreEqual(20, maximum, 1e-12);
    }

    [TestMethod]
    public void ExplosionsDoNotCarryTheRangeAway() => Assert.AreEqual(40, Of(mean: 1e9, median: 1, q90: 4).NormRange()!.Value.Maximum, 1e-9);

    [TestMethod]
    public void WhereTrainingDivergedSmallerThresholdsAreTried()
    {
        UnclippedFit diverged = Of(mean: 2, median: 1, q90: 4) with { Diverged = true };
        Assert.AreEqual(0.001, diverged.NormRange()!.Value.Minimum, 1e-12);
        Assert.AreEqual(20, diverged.NormRange()!.Value.Maximum, 1e-12);
    }

    [TestMethod]
    public void WithoutAFiniteNormThereIsNoRange()
    {
        Assert.IsNull(UnclippedFit.Of(Ended).NormRange());
        Assert.IsNull(Of(mean: 0, median: 0, q90: 0).NormRange());
    }

    [TestMethod]
    public void DivergenceIsAFinding()
    {
        Trial failed = Ended with { State = TrialState.Failed, Value = null, Failure = new TrialFailure(FailureKind.NonFinite, "It exploded.") };

        Assert.IsTrue(UnclippedFit.Of(failed).Diverged);
        Assert.IsTrue(UnclippedFit.Of(With((TrialMeasures.NonFiniteSteps, 1))).Diverged);
        Assert.IsFalse(UnclippedFit.Of(Ended).Diverged);
    }

    [TestMethod]
    public void AGradientFromLessThanHalfOfTheTimeStepsVanishes()
    {
        Assert.IsTrue(UnclippedFit.Of(With((TrialMeasures.TimeSteps, 100), (TrialMeasures.TimeStepsReached, 49))).Vanishing);
        Assert.IsFalse(UnclippedFit.Of(With((TrialMeasures.TimeSteps, 100), (TrialMeasures.TimeStepsReached, 50))).Vanishing);
        Assert.IsFalse(UnclippedFit.Of(Ended).Vanishing);
    }

    internal static Trial With(params (string Name, double Value)[] measures) => Ended with { Measures = measures.ToDictionary(pair => pair.Name, pair => pair.Value) };

    private static UnclippedFit Of(double mean, double median, double q90) => UnclippedFit.Of(With(
        (TrialMeasures.NormSteps, 10), (TrialMeasures.NormMean, mean), (TrialMeasures.NormQuantile(50), median), (TrialMeasures.NormQuantile(90), q90)));
}
