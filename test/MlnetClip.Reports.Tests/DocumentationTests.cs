using System.Text.RegularExpressions;
using Microsoft.ML;
using MlnetClip.TestKit;

namespace MlnetClip.Reports.Tests;

/// <summary>The code on the page docs/monitoring.md, and that the page has no other.</summary>
[TestClass]
[DoNotParallelize] // the code names files of the current folder
public sealed partial class DocumentationTests
{
    [TestMethod]
    public void TheCodeOnThePageRuns()
    {
        using var folder = new TemporaryFolder();
        string before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder.Path;
        try
        {
            Run();
            foreach (string file in new[] { "report.html", "search.html", "curve.svg", "steps.jsonl" }) Assert.IsGreaterThan(100, new FileInfo(folder.File(file)).Length, file);
            Assert.HasCount(1, Directory.GetFiles(folder.File("runs/first")));
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    [TestMethod]
    public void EveryLineOfCodeOnThePageIsInTheTestAbove()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "monitoring.md")).ReplaceLineEndings("\n");
        HashSet<string> tested = [.. File.ReadLines(Path.Combine(RepositoryFiles.Root, "test", "MlnetClip.Reports.Tests", "DocumentationTests.cs")).Select(line => line.Trim())];
        string[] code = [.. Blocks().Matches(page).SelectMany(block => block.Groups[1].Value.Split('\n')).Select(line => line.Trim()).Where(line => line.Length > 0)];
        Assert.HasCount(8, code);
        foreach (string line in code) Assert.Contains(line, tested);
    }

    private static void Run()
    {
        IDataView data = Reported.LoadCo2(), train = Reported.Context.Data.TakeRows(data, 1800), validation = Reported.Context.Data.TakeRows(Reported.Context.Data.SkipRows(data, 1800), 100);
        var options = new LstmForecastingTrainer.Options
        {
            OutputColumnName = "Forecast", InputColumnName = "Co2", WindowSize = 26, Horizon = 4, HiddenSize = 4, NumberOfEpochs = 1, LinearPart = LinearPartUse.None,
        };
        using var log = new StepLog("steps.jsonl");
        using var events = new TensorBoardLog("runs/first");
        options.Observer = FitObservers.Of(log, events);
        var pipeline = Reported.Context.Forecasting.ForecastByLstm(options);

        var model = pipeline.Fit(train);
        model.SaveReport("report.html", new ReportOptions { EvaluationData = data, FirstRow = 1800, Season = 52 });

        ClippingStudy study = Reported.Context.CreateClippingStudy(new ClippingStudyOptions
        {
            Pipeline = clipping => Reported.Context.Forecasting.ForecastByLstm(new LstmForecastingTrainer.Options
            {
                OutputColumnName = "Forecast", InputColumnName = "Co2", WindowSize = 12, Horizon = 2, HiddenSize = 4, NumberOfEpochs = 1, Clipping = clipping, LinearPart = LinearPartUse.None,
            }),
            Budget = new StudyBudget { MaxModelToExplore = 6 }, Seeds = 2,
        });
        var result = study.Run(train, validation);
        result.SaveReport("search.html");
        result.SaveCurve("curve.svg");
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
