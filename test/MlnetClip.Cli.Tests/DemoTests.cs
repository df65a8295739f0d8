using System.Xml.Linq;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests;

/// <summary>The whole way on real data, as `build.sh demo` goes it: the demo itself fails where the LSTM does not win or the processes differ.</summary>
[TestClass]
public sealed class DemoTests
{
    [TestMethod]
    public void TheDemoWinsAndItsModelForecastsTheSameInAnotherProcess()
    {
        using var folder = new TemporaryFolder();
        string csv = Path.Combine(RepositoryFiles.Root, "samples", "data", "co2.csv");
        ProcessOutcome run = ProcessRunner.RunAssembly(
            Path.Combine(AppContext.BaseDirectory, "Demo.dll"), [csv, folder.Path]);
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        foreach (string text in new[] { "LSTM, norm:1", "LSTM, value:0.1", "LSTM, none", "(found)", "Calibration without clipping", "Recommended: ", "Verdict: ", "last value", "same week last year", "(default)", "bit-identical" })
            StringAssert.Contains(run.Output, text);
        Assert.IsTrue(File.Exists(folder.File("co2.zip")));
        foreach (string picture in new[] { "forecast.svg", "gradients.svg", "curve.svg" })
            Assert.IsGreaterThan(5, XDocument.Load(folder.File(picture)).Root!.Elements().Count(), picture);
    }
}
