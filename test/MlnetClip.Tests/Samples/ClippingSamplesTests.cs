using MlnetClip.TestKit;

namespace MlnetClip.Tests.Samples;

/// <summary>The samples on clipping, as programs.</summary>
[TestClass]
public sealed class ClippingSamplesTests
{
    [TestMethod]
    public void ARuleOfOnesOwnTrainsAForecaster()
    {
        var run = ProcessRunner.RunAssembly(Co2.Sample("CustomRule"), []);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Output, "100% of the steps were clipped");
    }

    /// <summary>The full experiment, made small: one seed at a length at which gradients explode.</summary>
    [TestMethod]
    public void ClippingSolvesTheTemporalOrderThatPlainTrainingDoesNot()
    {
        using var folder = new TemporaryFolder();
        var run = ProcessRunner.RunAssembly(Co2.Sample("ExplodingGradients"), ["40", "1", "10000", "unit"], folder.Path);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.MatchesRegex(@"\b40  none +0 ?%", run.Output);
        Assert.MatchesRegex(@"\b40  norm:1 +100 ?%", run.Output);
    }
}
