using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests.Commands;

/// <summary>The reports that <c>train</c> and <c>tune</c> write.</summary>
[TestClass]
public sealed class ReportTests
{
    [TestMethod]
    public void TrainReportsTheForecasterWithItsHeldOutRows()
    {
        using var folder = new TemporaryFolder();
        string data = folder.File("series.csv"), report = folder.File("report.html");
        SeriesFile.Write(data);

        ToolRun run = ToolRun.Of(SeriesFile.Train(data, folder.File("model.zip"), "--report", report)).Succeeds();

        StringAssert.Contains(run.Output, $"The report is in {report}.");
        string html = File.ReadAllText(report);
        foreach (string chart in new[] { "loss", "norm", "norm-time-steps", "forecasts", "error-by-step", "residuals" }) StringAssert.Contains(html, $"id=\"{chart}\"");
    }

    [TestMethod]
    public void TheForecastsHaveTheTimesOfTheFileAlsoWhereTheModelReadsNone()
    {
        using var folder = new TemporaryFolder();
        string data = folder.File("series.csv"), report = folder.File("report.html"), last = File.ReadLines(SeriesWithTimes(data)).Last().Split(',')[0];
        ToolRun.Of(SeriesFile.Train(data, folder.File("model.zip"), "--report", report)).Succeeds();
        StringAssert.Contains(File.ReadAllText(report), $"{last[..4]}-{last[4..6]}-{last[6..]}");
        StringAssert.Contains(File.ReadAllText(report), "last season plus its change");

        static string SeriesWithTimes(string path)
        {
            SeriesFile.Write(path);
            return path;
        }
    }

    [TestMethod]
    public void EveryTargetOfEverySeriesIsInTheReport()
    {
        using var folder = new TemporaryFolder();
        string data = StoresFile.Write(folder.File("stores.csv")), report = folder.File("report.html");

        ToolRun.Of(["train", "forecasting", .. StoresFile.Columns(data), .. StoresFile.Sizes, "--model", folder.File("model.zip"), "--report", report]).Succeeds();

        string html = File.ReadAllText(report);
        foreach (string chart in new[] { "forecasts-1", "forecasts-2" }) StringAssert.Contains(html, $"<select id=\"{chart}-choice\"><option>A</option><option>B</option></select>");
        foreach (string target in new[] { "sales", "visits" }) StringAssert.Contains(html, $"{target}: errors of each series");
        StringAssert.Contains(html, "at 46 rows of 2 series"); // 24 held-out rows of each store, without the last one
    }

    [TestMethod]
    public void TuneReportsTheSearch()
    {
        using var folder = new TemporaryFolder();
        string data = folder.File("series.csv"), report = folder.File("report.html");
        SeriesFile.Write(data);

        ToolRun run = ToolRun.Of(SeriesFile.Tune(data, "--report", report, "--json")).Succeeds();

        Assert.AreEqual("recommendation", run.Json.EnumerateObject().First(property => property.Name == "recommendation").Name);
        string html = File.ReadAllText(report);
        foreach (string chart in new[] { "study-curve", "trials-parallel", "pruning", "norm", "forecasts" }) StringAssert.Contains(html, $"id=\"{chart}\"");
    }

    [TestMethod]
    public void TrainWritesItsStepsForScriptsAndForTensorBoard()
    {
        using var folder = new TemporaryFolder();
        string data = folder.File("series.csv"), log = folder.File("steps.jsonl"), events = folder.File("events");
        SeriesFile.Write(data);

        ToolRun.Of(SeriesFile.Train(data, folder.File("model.zip"), "--log", log, "--tensorboard", events)).Succeeds();

        string[] lines = File.ReadAllLines(log);
        Assert.IsGreaterThan(3, lines.Length);
        StringAssert.Contains(lines[0], "\"event\":\"begin\"");
        StringAssert.Contains(lines[^1], "\"event\":\"end\"");
        Assert.IsGreaterThan(1000, new FileInfo(Directory.GetFiles(events, "events.out.tfevents.*").Single()).Length);
        ToolRun.Of(SeriesFile.Train(data, folder.File("other.zip"), "--log", data)).IsRefused("--log");
        ToolRun.Of(SeriesFile.Train(data, folder.File("other.zip"), "--tensorboard", data)).IsRefused("--tensorboard must name a folder");
    }

    [TestMethod]
    public void AReportThatCannotBeWrittenIsRefusedBeforeTheTraining()
    {
        using var folder = new TemporaryFolder();
        string data = folder.File("series.csv"), model = folder.File("model.zip");
        SeriesFile.Write(data);

        ToolRun.Of(SeriesFile.Train(data, model, "--report", folder.File("none/report.html"))).IsRefused("--report", "there is no folder");
        ToolRun.Of(SeriesFile.Train(data, model, "--report", model)).IsRefused("--report must not be a file that another option writes");
        ToolRun.Of(SeriesFile.Train(data, model, "--report", data)).IsRefused("--report must not be a file that the command reads");
        ToolRun.Of(SeriesFile.Train(data, model, "--report", folder.File("one"), "--log", folder.File("one"))).IsRefused("--log must not be a file that another option writes");

        Assert.IsFalse(File.Exists(model));
    }
}
