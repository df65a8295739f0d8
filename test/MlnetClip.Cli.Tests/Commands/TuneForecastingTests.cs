using System.Text.Json;
using MlnetClip.Cli.Output;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests.Commands;

[TestClass]
public sealed class TuneForecastingTests
{
    [TestMethod]
    public void JsonHasTheNamesThatTheDocumentationPromises()
    {
        JsonElement json = Tune("--json").Succeeds().Json;

        CollectionAssert.AreEqual(
            new[] { "recommendation", "learning_rate", "batch_size", "verdict", "conclusion", "naive_is_better", "best", "trials", "calibration", "noise", "steps", "seconds", "model", "metrics", "baselines", "evaluation", "targets" }, json.EnumerateObject().Select(p => p.Name).ToArray());
        Assert.AreEqual(GradientClipping.Parse(json.GetProperty("recommendation").GetString()!).ToString(), json.GetProperty("recommendation").GetString());
        foreach (string name in new[] { "learning_rate", "batch_size" }) Assert.AreEqual(JsonValueKind.Null, json.GetProperty(name).ValueKind, name);
        Assert.IsGreaterThan(0, json.GetProperty("verdict").GetString()!.Length);
        Assert.IsGreaterThan(0, json.GetProperty("best").GetProperty("loss").GetDouble());
        GradientClipping.Parse(json.GetProperty("best").GetProperty("clipping").GetString()!);
        JsonElement trials = json.GetProperty("trials");
        Assert.AreEqual(8, trials.GetProperty("complete").GetInt32() + trials.GetProperty("pruned").GetInt32() + trials.GetProperty("failed").GetInt32());
        Assert.AreEqual(0, trials.GetProperty("resumed").GetInt32());
        double[] norms = [.. new[] { "q05", "q25", "q50", "q75", "q90", "q95", "max" }.Select(name => json.GetProperty("calibration").GetProperty(name).GetDouble())];
        CollectionAssert.AreEqual(norms.Order().ToArray(), norms);
        Assert.IsGreaterThan(0, norms[0]);
        Assert.IsGreaterThan(0, json.GetProperty("noise").GetProperty("of_one_fit").GetDouble());
        Assert.IsGreaterThan(0, json.GetProperty("noise").GetProperty("resolution").GetDouble());
        Assert.IsGreaterThan(0, json.GetProperty("steps").GetInt64());
        Assert.IsGreaterThan(0, json.GetProperty("seconds").GetDouble());
    }

    [TestMethod]
    public void TheModelIsTheRecommendedOneAndEvaluatesAsShown()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("best.zip");
        ToolRun run = Tune("--model", model).Succeeds();

        JsonElement inspected = ToolRun.Of("inspect", model, "--json").Succeeds().Json;
        StringAssert.Contains(run.Output, $"Recommended: {inspected.GetProperty("clipping").GetString()}, after ");
        ToolRun evaluated = ToolRun.Of("evaluate", "--model", model, "--data", TrainedModel.Data).Succeeds();
        StringAssert.Contains(run.Output, evaluated.Output[..evaluated.Output.IndexOf("Gradient norm", StringComparison.Ordinal)].TrimEnd());
    }

    [TestMethod]
    public void ItSearchesTheRowsThatTrainSees()
    {
        using var folder = new TemporaryFolder();
        string changed = SeriesFile.Write(folder.File("changed.csv"), row => row >= SeriesFile.Cut ? $"{row}" : null!);
        Assert.AreEqual(Found(Tune("--json")), Found(ToolRun.Of(Arguments(changed, "--json"))));
    }

    [TestMethod]
    public void WorkersDoNotChangeWhatIsFoundAndTheSeedDoes()
    {
        string one = Found(Tune("--workers", "1", "--json"));
        Assert.AreEqual(one, Found(Tune("--workers", "3", "--json")));
        Assert.AreNotEqual(one, Found(Tune("--seed", "2", "--json")));
    }

    [TestMethod]
    public void ALineATrialGoesToStandardErrorAndTheResultToStandardOutput()
    {
        ToolRun run = Tune();
        StringAssert.Contains(run.Error, "trial 1/8  calibrate  none  seed 1  epoch 2/2  loss ");
        StringAssert.Contains(run.Error, "gradient norm without clipping: median ");
        Assert.HasCount(8, run.Error.Split('\n').Where(line => line.StartsWith("trial ", StringComparison.Ordinal)));
        Assert.DoesNotContain("trial 1/8", run.Output);
        StringAssert.Contains(run.Output, "recommended");
        Assert.IsFalse((run.Output + run.Error).Contains('\e'), "no colours in a file");
    }

    [TestMethod]
    public void AStudyIsResumedAndExtendedWithMoreTrials()
    {
        using var folder = new TemporaryFolder();
        string study = folder.File("study.db");
        ToolRun first = Tune("--study", study, "--json").Succeeds(), second = Tune("--study", study, "--json").Succeeds();
        Assert.AreEqual(8, second.Json.GetProperty("trials").GetProperty("resumed").GetInt32());
        Assert.AreEqual(Found(first), Found(second));

        ToolRun more = Tune("--study", study, "--trials", "12", "--json").Succeeds();
        Assert.AreEqual(8, more.Json.GetProperty("trials").GetProperty("resumed").GetInt32());
        StringAssert.Contains(more.Error, "The study already has 8 trials and is resumed.");
    }

    [TestMethod]
    public void OtherSettingsOrDataAreAnotherStudy()
    {
        using var folder = new TemporaryFolder();
        string study = folder.File("study.db");
        Tune("--study", study).Succeeds();

        Tune("--study", study, "--hidden", "5").IsRefused("has other settings or data", "HiddenSize: 5", "Hint: use another file");
        string changed = SeriesFile.Write(folder.File("changed.csv"), row => row == 3 ? "7" : null!);
        ToolRun.Of(Arguments(changed, "--study", study)).IsRefused("has other settings or data", "values that the trainer sees");
    }

    [TestMethod]
    public void CtrlCKeepsWhatThereIsAndSaysHowToResume()
    {
        using var folder = new TemporaryFolder();
        string study = folder.File("study.db");
        using var cancellation = new CancellationTokenSource();
        using var output = new StringWriter();
        using var error = new CancelAt("trial 3/8", cancellation);
        int code = Tool.Run(Arguments(TrainedModel.Data, "--study", study, "--model", folder.File("best.zip"), "--workers", "1", "--json"), new Terminal(output, error), cancellation.Token);

        Assert.AreEqual(1, code, error.ToString());
        Assert.AreEqual("", output.ToString());
        StringAssert.Contains(error.ToString(), $"{study} stores the 3 trials that finished in this run; the best so far was ");
        StringAssert.Contains(error.ToString(), "The same command resumes from there.");
        Assert.IsFalse(File.Exists(folder.File("best.zip")));
        Assert.AreEqual(3, Tune("--study", study, "--json").Succeeds().Json.GetProperty("trials").GetProperty("resumed").GetInt32());
    }

    [TestMethod]
    public void WithoutAFileCtrlCSaysThatNothingWasKept()
    {
        using var cancellation = new CancellationTokenSource();
        using var error = new CancelAt("trial 2/8", cancellation);
        Tool.Run(Arguments(TrainedModel.Data), new Terminal(TextWriter.Null, error), cancellation.Token);
        StringAssert.Contains(error.ToString(), "Nothing was stored: pass a file with --study");
    }

    [TestMethod]
    public void RulesAndATimeBudgetAreTaken()
    {
        ToolRun run = Tune("--rules", "value,agc,autoclip,zclip", "--time-budget", "1200h", "--json").Succeeds();
        StringAssert.Contains(run.Error, "value:");
        Assert.DoesNotContain("norm:", run.Error);
    }

    [TestMethod]
    public void WrongArgumentsAreReportedTogether() =>
        Tune("--trials", "1", "--workers", "0", "--time-budget", "10", "--rules", "norm,adam", "--seeds", "0").IsRefused(
            "--trials must be a whole number, from 2 to 100000, but was '1'", "--workers must be", "must be a number above 0 followed by s, m or h, but was '10'",
            "there is no rule 'adam' to search; the rules are norm, value, agc, autoclip, zclip", "--seeds must be");

    [TestMethod]
    public void WhatTuneFindsIsNoOption() => Tune("--clip", "norm:1").IsRefused("--clip");

    [TestMethod]
    public void TheJsonHasTheScoresOfTheModelAndItsFile()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("best.zip");
        JsonElement json = Tune("--json", "--model", model).Succeeds().Json;
        JsonElement evaluated = ToolRun.Of("evaluate", "--model", model, "--data", TrainedModel.Data, "--json").Succeeds().Json;

        Assert.AreEqual(model, json.GetProperty("model").GetString());
        foreach (string name in new[] { "metrics", "baselines", "evaluation" }) Assert.AreEqual(evaluated.GetProperty(name).GetRawText(), json.GetProperty(name).GetRawText());
        Assert.AreEqual(JsonValueKind.Null, Tune("--json").Succeeds().Json.GetProperty("model").ValueKind);
    }

    [TestMethod]
    public void WhereNaiveForecastsAreBetterThatComesFirst()
    {
        // At such a rate nothing is learned.
        ToolRun run = Tune("--learning-rate", "1e-7").Succeeds();
        StringAssert.StartsWith(run.Output.TrimStart(), "A naive forecast is better than the best model found: on the held-out rows the RMSE of ");
        Assert.IsTrue(Tune("--learning-rate", "1e-7", "--json").Succeeds().Json.GetProperty("naive_is_better").GetBoolean());
    }

    [TestMethod]
    public void FewHeldOutRowsConcludeNothing()
    {
        // 8 of 200 rows are held out: three forecasts of 3 rows do not overlap.
        string[] few = ["--learning-rate", "1e-7", "--holdout", "0.04"];
        ToolRun run = Tune(few).Succeeds();
        Assert.DoesNotContain("A naive forecast is better", run.Output);
        StringAssert.Contains(string.Join(' ', run.Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)), "too few to tell which is better.");
        Assert.AreEqual(JsonValueKind.Null, Tune([.. few, "--json"]).Succeeds().Json.GetProperty("naive_is_better").ValueKind);
    }

    [TestMethod]
    public void ASeasonOfOneRowIsNotNamedInTheWarning()
    {
        ToolRun run = Tune("--learning-rate", "1e-7", "--season", "1").Succeeds();
        string output = string.Join(' ', run.Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        StringAssert.Contains(output, "the RMSE of the last value ");
        Assert.DoesNotContain("last season", output);
    }

    [TestMethod]
    public void AStudyThatIsDamagedIsASentenceAndKept()
    {
        using var folder = new TemporaryFolder();
        string study = folder.File("study.db");
        Tune("--study", study).Succeeds();
        byte[] damaged = File.ReadAllBytes(study);
        damaged.AsSpan(4096).Fill(0x5A);
        File.WriteAllBytes(study, damaged);

        ToolRun run = Tune("--study", study);
        Assert.AreEqual(1, run.ExitCode, run.Error);
        StringAssert.Contains(run.Error, $"The study '{study}' is damaged");
        Assert.DoesNotContain("   at ", run.Error);
        Assert.IsTrue(File.Exists(study));
    }

    [TestMethod]
    public void OneSeedGivesNoVerdictAndAModelAllTheSame()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("best.zip");
        JsonElement json = Tune("--trials", "2", "--json", "--model", model).Succeeds().Json;

        Assert.AreEqual(JsonValueKind.Null, json.GetProperty("recommendation").ValueKind);
        StringAssert.StartsWith(json.GetProperty("verdict").GetString(), "cannot tell whether clipping helps, because ");
        JsonElement conclusion = json.GetProperty("conclusion");
        Assert.AreEqual("cannot_tell", conclusion.GetProperty("kind").GetString());
        Assert.AreEqual("too_few_seeds", conclusion.GetProperty("reason").GetString());
        Assert.AreEqual(1, json.GetProperty("best").GetProperty("seeds").GetInt32());
        Assert.AreEqual(json.GetProperty("best").GetProperty("clipping").GetString(), ToolRun.Of("inspect", model, "--json").Succeeds().Json.GetProperty("clipping").GetString());

        ToolRun shown = Tune("--trials", "8", "--seeds", "1").Succeeds();
        StringAssert.Contains(shown.Output, "Cannot tell whether clipping helps, because ");
        StringAssert.Contains(shown.Output, "Nothing is recommended");
        StringAssert.Contains(shown.Output, "best so far");
        Assert.DoesNotContain("ecommended:", shown.Output);
        StringAssert.Contains(shown.Output, "Hint: at least 8 --trials and 2 --seeds");
    }

    [TestMethod]
    public void WhereTheTimeIsOverBeforeAFitEndedThatIsTheReason()
    {
        ToolRun run = Tune("--time-budget", "0.0001s", "--json"); // over before the first fit begins
        Assert.AreEqual(1, run.ExitCode, run.Error);
        Assert.AreEqual("", run.Output);
        StringAssert.Contains(run.Error, "the time ran out before the first fit had finished");
        StringAssert.Contains(run.Error, "Hint: give a longer --time-budget.");
        Assert.DoesNotContain("--learning-rate", run.Error);
    }

    [TestMethod]
    public void FilesAreNotMistaken()
    {
        using var folder = new TemporaryFolder();
        string text = folder.File("text.db");
        File.WriteAllText(text, "This is text and no study at all, however long one looks at it.");
        Tune("--study", text).IsRefused("is not a study");
        Tune("--study", TrainedModel.Data).IsRefused("--study must not be a file that the command reads");
        Tune("--study", folder.File("a/b.db")).IsRefused("--study");
        Tune("--study", folder.File("x"), "--model", folder.File("x")).IsRefused("--study must not be");
        Assert.AreEqual("This is text and no study at all, however long one looks at it.", File.ReadAllText(text));
    }

    [TestMethod]
    public void WithoutValidationThereIsNothingToCompare() => Tune("--validation", "0").IsRefused("--validation must be above 0, because");

    private static ToolRun Tune(params string[] more) => ToolRun.Of(Arguments(TrainedModel.Data, more));

    private static string[] Arguments(string data, params string[] more) => SeriesFile.Tune(data, more);

    /// <summary>What was found, without times.</summary>
    private static string Found(ToolRun run)
    {
        JsonElement json = run.Succeeds().Json;
        return string.Join('\n', new[] { "recommendation", "verdict", "best", "calibration", "steps" }.Select(name => json.GetProperty(name).GetRawText()));
    }
}
