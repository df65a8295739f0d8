using System.Xml.Linq;
using MlnetClip.TestKit;

namespace MlnetClip.Reports.Tests;

/// <summary>The SVG pictures for documents.</summary>
[TestClass]
public sealed class PictureTests
{
    [TestMethod]
    public void ALineChartHasItsTitlesItsLegendAndItsLines()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("chart.svg");

        new LineChart("The title", "time, s", "norm") { LogarithmicY = true, XLabel = x => $"t{x}" }
            .Line("first", "#1d4ed8", [(0, 1), (1, 10), (2, double.NaN), (3, 100), (4, 0), (5, 2)])
            .Line("second", "#dc2626", [(0, 3), (5, 3)], dashed: true)
            .Save(path);

        XElement svg = XDocument.Load(path).Root!;
        string[] texts = [.. svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];
        CollectionAssert.IsSubsetOf(new[] { "The title", "time, s", "norm", "first", "second", "t0", "t5" }, texts);
        Assert.IsGreaterThan(2, svg.Descendants().Count(element => element.Name.LocalName is "polyline" or "line" or "path"));
        Assert.Throws<IOException>(() => new LineChart("", "", "").Line("a", "#000000", [(0, 1)]).Save(folder.File("none/chart.svg")));
    }

    [TestMethod]
    public void TheCurveOfAStudyHasTheLossAndTheShareOfClippedSteps()
    {
        using var folder = new TemporaryFolder();

        Reported.Study.SaveCurve(folder.File("curve.svg"));

        string[] texts = [.. XDocument.Load(folder.File("curve.svg")).Root!.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];
        CollectionAssert.IsSubsetOf(new[] { "Threshold", "Mean validation loss", "Steps clipped", "without clipping", "mean and spread over seeds" }, texts);
        if (Environment.GetEnvironmentVariable("REPORT_PICTURES") is { Length: > 0 } pictures) File.Copy(folder.File("curve.svg"), Path.Combine(pictures, "curve.svg"), overwrite: true);
    }

    [TestMethod]
    public void AStudyWithoutACurveSaysSo()
    {
        using var folder = new TemporaryFolder();
        ClippingStudyResult none = Reported.Study with { Curve = [.. Reported.Study.Curve.Where(point => point.IsNone)] };

        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => none.SaveCurve(folder.File("curve.svg"))).Message, "has no curve over a threshold");
    }
}
