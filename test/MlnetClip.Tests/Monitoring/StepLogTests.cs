using System.Text.Json;
using Microsoft.ML;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Monitoring;

[TestClass]
public sealed class StepLogTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void EveryStepAndEpochIsALine()
    {
        using var folder = new TemporaryFolder();
        var steps = new StepRecorder();
        LstmForecastingTransformer model;
        using (var log = new StepLog(folder.File("steps.jsonl"))) model = Fit(FitObservers.Of(log, steps)!);

        JsonElement[] lines = [.. File.ReadAllLines(folder.File("steps.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];

        Assert.AreEqual("begin", lines[0].GetProperty("event").GetString());
        Assert.AreEqual("norm:0.1", lines[0].GetProperty("options").GetProperty("Clipping").GetString());
        Assert.AreEqual("end", lines[^1].GetProperty("event").GetString());
        JsonElement[] logged = [.. lines.Where(line => line.GetProperty("event").GetString() == "step")];
        Assert.HasCount(steps.Reports.Count, logged);
        for (int i = 0; i < logged.Length; i++)
        {
            StepReport report = steps.Reports[i];
            Assert.AreEqual((report.Step, report.Loss, report.Clip.NormBefore, report.Clip.NormAfter, report.Clip.Changed), (
                logged[i].GetProperty("step").GetInt64(), logged[i].GetProperty("loss").GetDouble(), logged[i].GetProperty("norm").GetDouble(),
                logged[i].GetProperty("norm_clipped").GetDouble(), logged[i].GetProperty("clipped").GetBoolean()));
        }

        JsonElement[] epochs = [.. lines.Where(line => line.GetProperty("event").GetString() == "epoch")];
        Assert.AreSequenceEqual(model.Training.History.Select(epoch => epoch.TrainLoss).ToArray(), epochs.Select(epoch => epoch.GetProperty("loss").GetDouble()).ToArray());
    }

    [TestMethod]
    public void NumbersThatAreNotFiniteAreNull()
    {
        using var folder = new TemporaryFolder();
        using (var log = new StepLog(folder.File("steps.jsonl")))
        {
            log.OnFitBegun(new FitDescription(1, GradientClipping.None, new Dictionary<string, string>(), "", false, null));
            log.OnStep(new StepReport(0, 1, 0, double.NaN, 0.1f, new ClipReport { NormBefore = double.PositiveInfinity, FirstBadParameter = 0, Outcome = StepOutcome.RolledBack }));
        }

        JsonElement step = JsonDocument.Parse(File.ReadAllLines(folder.File("steps.jsonl"))[1]).RootElement;

        Assert.AreEqual((JsonValueKind.Null, JsonValueKind.Null, "rolled_back"), (step.GetProperty("loss").ValueKind, step.GetProperty("norm").ValueKind, step.GetProperty("outcome").GetString()));
    }

    [TestMethod]
    public void AResumedFitAppendsAndANewOneReplaces()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("steps.jsonl");
        File.WriteAllText(path, "old\n");
        var fit = new FitDescription(1, GradientClipping.None, new Dictionary<string, string>(), "", false, null);

        using (var log = new StepLog(path)) log.OnFitBegun(fit);
        using (var log = new StepLog(path)) log.OnFitBegun(fit with { Resumed = new ResumePoint(1, 5, 3) });

        string[] lines = File.ReadAllLines(path);
        Assert.HasCount(2, lines);
        StringAssert.Contains(lines[1], "\"resumed_step\":5");
    }

    private LstmForecastingTransformer Fit(IFitObserver observer) => _context.Forecasting.ForecastByLstm(new LstmForecastingTrainer.Options
    {
        InputColumnName = "Value", OutputColumnName = "Forecast", WindowSize = 12, Horizon = 3, HiddenSize = 4, NumberOfEpochs = 2, NumberOfThreads = 1, Clipping = GradientClipping.ByGlobalNorm(0.1f),
        Observer = observer,
    }).Fit(Forecasts.View(_context, Forecasts.Wave(120)));
}
