namespace MlnetClip.Search.Tests.Studies;

/// <summary>Trials and settings print themselves as a person reads them.</summary>
[TestClass]
public sealed class PrintedTests
{
    private static readonly SearchPoint Point = new([new PointValue("norm", 0.316)]);

    [TestMethod]
    public void Settings()
    {
        Assert.AreEqual("norm:0.5, learning rate 0.002, batch size 32", $"{new TrialSettings(GradientClipping.ByGlobalNorm(0.5), 0.002f, 32)}");
        Assert.AreEqual("none", $"{new TrialSettings(GradientClipping.None, null, null)}");
    }

    [TestMethod]
    public void Trials()
    {
        var trial = new Trial(3, 1, new TrialRequest(TrialStage.Explore, Point));
        Assert.AreEqual("trial 3 (Explore, norm=0.316, seed 0): Waiting", $"{trial}");
        TrialReport[] reports = [new(1, 0.5), new(6, 0.02705)];
        Assert.AreEqual(
            "trial 3 (Explore, norm=0.316, seed 0): Complete after 6 steps and 2.1 s, value 0.02705",
            $"{trial with { State = TrialState.Complete, Value = 0.02705, Reports = reports, Seconds = 2.12 }}");
        Assert.AreEqual(
            "trial 0 (Calibrate, none, seed 0): Failed after 1 step and 0.0 s, NonFinite: It diverged. Hint: clip.",
            $"{new Trial(0, 0, new TrialRequest(TrialStage.Calibrate, SearchPoint.Empty)) with { State = TrialState.Failed, Reports = [new(1, 7)], Failure = new(FailureKind.NonFinite, "It diverged.\nHint: clip.") }}");
    }
}
