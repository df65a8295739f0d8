using System.Globalization;
using System.Text.Json;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests.Commands;

[TestClass]
public sealed class TrainForecastingTests
{
    private static readonly string[] Metrics = ["mae", "rmse", "mase", "mape", "smape"];

    [TestMethod]
    public void FewRowsConcludeNothing()
    {
        using var folder = new TemporaryFolder();
        string data = folder.File("short.csv");
        File.WriteAllLines(data, ["y", .. Enumerable.Range(0, 30).Select(i => FormattableString.Invariant($"{10 + Math.Sin(i / 3.0) + (0.4 * Math.Cos(i * i)):F4}"))]);
        string[] Train(params string[] more) => ["train", "forecasting", "--data", data, "--target", "y", "--window", "8", "--horizon", "3", "--epochs", "2", "--hidden", "4", "--linear-part", "None", "--model", folder.File("m.zip"), .. more];
        ToolRun run = ToolRun.Of(Train("--interval", "0.9")).Succeeds();
        string output = string.Join(' ', run.Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        StringAssert.Contains(output, "that of the best naive forecast");
        StringAssert.Contains(output, "but at most 2 forecasts can be chosen that do not overlap: too few to tell which is better.");
        Assert.DoesNotContain("last season", output);
        Assert.DoesNotContain("not worth its training", run.Error);
        StringAssert.Contains(run.Error, "Hint: a larger --validation or more rows give more errors, and a smaller --interval needs fewer.");
        ToolRun.Of(Train("--holdout", "0.01")).IsRefused("--holdout must leave rows for the evaluation", "Hint: use a larger --holdout, or --holdout 0");
        File.WriteAllLines(data, ["y", .. Enumerable.Repeat("NA", 30)]);
        ToolRun.Of(Train()).IsRefused("--target must name columns with values, but every value of 'y' in", "Hint: check the name of the column");
    }

    [TestMethod]
    public void EveryEpochIsALineWithLearningRateAndThreshold() =>
        StringAssert.Matches(TrainedModel.Run.Error, new(@"epoch 2/2  loss \S+ .* clipped \S+  learning rate 0\.002, threshold 1\r?\n"));

    [TestMethod]
    public void JsonHasTheNamesThatTheDocumentationPromises()
    {
        JsonElement json = TrainedModel.Run.Json;
        Assert.AreEqual("forecasting", json.GetProperty("task").GetString());
        Assert.AreEqual("norm:1", json.GetProperty("clipping").GetString());
        Assert.AreEqual(2, json.GetProperty("epochs").GetInt32());
        Assert.AreEqual(TrainedModel.Model, json.GetProperty("model").GetString());
        Assert.IsGreaterThan(0, json.GetProperty("seconds").GetDouble());
        HasNumbers(json.GetProperty("metrics"), Metrics);
        JsonElement baselines = json.GetProperty("baselines");
        CollectionAssert.AreEqual(new[] { "last_value", "seasonal_naive", "seasonal_naive_drift" }, baselines.EnumerateObject().Select(p => p.Name).ToArray());
        foreach (JsonProperty baseline in baselines.EnumerateObject()) HasNumbers(baseline.Value, Metrics);
        HasNumbers(json.GetProperty("gradients"), "norm_median", "norm_max", "share_clipped", "skipped_steps", "nonfinite_steps", "steps");
        Assert.IsGreaterThanOrEqualTo(json.GetProperty("gradients").GetProperty("norm_median").GetDouble(), json.GetProperty("gradients").GetProperty("norm_max").GetDouble());
    }

    [TestMethod]
    public void BaselinesAreThoseOfTheProtocol()
    {
        double[] series = [.. Enumerable.Range(0, SeriesFile.Rows).Select(row => SeriesFile.Value(row) ?? double.NaN)];
        var protocol = new ForecastProtocol(SeriesFile.Cut, 3, SeriesFile.Season);
        ForecastScores scores = ForecastEvaluation.Evaluate(series, new float[(SeriesFile.Rows - SeriesFile.Cut) * 3], protocol);
        JsonElement json = TrainedModel.Run.Json;
        Assert.AreEqual(scores.SeasonalNaiveDrift.Rmse, json.GetProperty("baselines").GetProperty("seasonal_naive_drift").GetProperty("rmse").GetDouble());
        Assert.AreEqual(scores.LastValue.Mase, json.GetProperty("baselines").GetProperty("last_value").GetProperty("mase").GetDouble());
        Assert.AreEqual(SeriesFile.Cut, json.GetProperty("evaluation").GetProperty("from").GetInt32());
        Assert.AreEqual((3 * 37) + 2 + 1, json.GetProperty("evaluation").GetProperty("pairs").GetInt32());
    }

    [TestMethod]
    [DataRow(100_000_000L)]
    [DataRow(1_000_000_000L)]
    public void ALevelDoesNotChangeTheErrors(long level)
    {
        using var folder = new TemporaryFolder();
        string data = SeriesFile.Write(folder.File("high.csv"), row => SeriesFile.Value(row) is { } value ? (level + (decimal)value).ToString(CultureInfo.InvariantCulture) : "");
        ToolRun run = ToolRun.Of(SeriesFile.Train(data, folder.File("model.zip"), "--json")).Succeeds();
        Assert.DoesNotContain("warning: Column", run.Error);
        double expected = TrainedModel.Run.Json.GetProperty("metrics").GetProperty("rmse").GetDouble();
        Assert.AreEqual(expected, run.Json.GetProperty("metrics").GetProperty("rmse").GetDouble(), 0.01 * expected);
        ToolRun evaluated = ToolRun.Of("evaluate", "--model", folder.File("model.zip"), "--data", data, "--json").Succeeds();
        Assert.AreEqual(expected, evaluated.Json.GetProperty("metrics").GetProperty("rmse").GetDouble(), 0.01 * expected);
        double forecast = ToolRun.Of("predict", "--model", folder.File("model.zip"), "--data", data, "--json").Succeeds()
            .Json.GetProperty("forecast")[0].GetProperty("value").GetDouble();
        Assert.AreEqual(6, forecast - level, 2.0);
    }

    [TestMethod]
    public void DigitsThatAreLostAndExtremeReadingsAreSaid()
    {
        using var folder = new TemporaryFolder();
        string far = SeriesFile.Write(folder.File("far.csv"), row => SeriesFile.Value(row) is { } value ? (1e16m + (decimal)value).ToString(CultureInfo.InvariantCulture) : "");
        StringAssert.Contains(
            ToolRun.Of(SeriesFile.Train(far, folder.File("far.zip"))).Succeeds().Error, "warning: Column 'level' loses digits: it has values as large as 1E+16, where numbers of type Double are 2 apart");
        string faulty = SeriesFile.Write(folder.File("faulty.csv"), row => row is 57 or 101 ? "-9999" : null!);
        ToolRun run = ToolRun.Of(SeriesFile.Train(faulty, folder.File("faulty.zip"))).Succeeds();
        StringAssert.Contains(run.Error, "row 57 is -9999, row 101 is -9999.");
        StringAssert.Contains(run.Error, "or set --scaling to Robust");
        StringAssert.Contains(ToolRun.Of(SeriesFile.Train(faulty, folder.File("robust.zip"), "--scaling", "robust")).Succeeds().Error, "Robust scaling treats such values as missing.");
    }

    [TestMethod]
    public void ValueClippingTellsTheShareOfElements()
    {
        JsonElement gradients = Train("--clip", "value:0.001", "--json").Json.GetProperty("gradients");
        Assert.IsGreaterThan(0, gradients.GetProperty("share_elements_clamped").GetDouble());
        Assert.IsLessThan(1, gradients.GetProperty("share_elements_clamped").GetDouble());
    }

    [TestMethod]
    public void ALearningRateIsFoundAndReportedWithItsClipping()
    {
        ToolRun run = Train("--learning-rate", "auto").Succeeds();
        Assert.Contains("Found by a sweep: learning rate ", run.Error);
        Assert.Contains(" with clipping norm:1 and adam: a tenth of ", run.Error);
    }

    [TestMethod]
    public void SkippedSpikesAreShownBesideClippedSteps()
    {
        string[] clip = ["--clip", "zclip:0.001,warmup=2,skip=true"];
        JsonElement gradients = Train([.. clip, "--json"]).Json.GetProperty("gradients");
        int skipped = gradients.GetProperty("skipped_steps").GetInt32();
        Assert.IsGreaterThan(0, skipped);
        Assert.AreEqual(0, gradients.GetProperty("nonfinite_steps").GetInt32());
        ToolRun run = Train(clip);
        StringAssert.Contains(run.Output, $"{skipped} skipped as spikes");
        StringAssert.Contains(run.Error, " skipped");
    }

    [TestMethod]
    public void WithoutClippingTheNormsAreTold()
    {
        JsonElement gradients = Train("--clip", "none", "--json").Json.GetProperty("gradients");
        Assert.IsGreaterThan(0, gradients.GetProperty("norm_median").GetDouble());
        Assert.AreEqual(0, gradients.GetProperty("share_clipped").GetDouble());
        Assert.IsFalse(gradients.TryGetProperty("share_elements_clamped", out _));
    }

    [TestMethod]
    public void ResultsGoToStandardOutputAndProgressToStandardError()
    {
        ToolRun run = Train();
        foreach (string row in new[] { "LSTM, norm:1", "last value", "last season (12 rows)", "last season plus its change" }) StringAssert.Contains(run.Output, row);
        StringAssert.Contains(run.Output, "Evaluated at 39 rows from 20030125 on, over 114 forecast values.");
        StringAssert.Contains(run.Output, "A naive forecast is better than the model: the RMSE of last season");
        StringAssert.Contains(run.Error, "epoch 2/2  loss ");
        Assert.IsFalse(run.Output.Contains("epoch", StringComparison.Ordinal));
        Assert.IsFalse(run.Output.Contains('\e'), "no colours in a file");
    }

    /// <summary>The table names what forecasts: a network whose output is not added is not called an LSTM's forecast.</summary>
    [TestMethod]
    [DataRow("Automatic")]
    [DataRow("Always")]
    [DataRow("None")]
    public void TheTableSaysWhatForecasts(string linearPart)
    {
        using var folder = new TemporaryFolder();
        string data = SeriesFile.Write(folder.File("data.csv"));
        string[] arguments = SeriesFile.Train(data, folder.File("model.zip"));
        arguments[Array.IndexOf(arguments, "--linear-part") + 1] = linearPart;
        ToolRun run = ToolRun.Of(arguments);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        bool alone = run.Output.Contains("Forecast: the linear part alone: the network does not improve it on the validation rows.", StringComparison.Ordinal);
        string expected = linearPart == "None" ? "│ LSTM, norm:1 " : alone ? "│ linear part alone " : "│ linear part + LSTM, norm:1 ";
        Assert.Contains(expected, run.Output);
        Assert.AreEqual(linearPart != "None", run.Output.Contains("Forecast: the linear part ", StringComparison.Ordinal));
        if (linearPart == "Always") Assert.IsFalse(alone);
    }

    [TestMethod]
    public void TheSeedDecidesAndThreadsDoNot()
    {
        string first = TrainedModel.Run.Json.GetProperty("metrics").GetRawText();
        Assert.AreEqual(first, Train("--threads", "1", "--json").Json.GetProperty("metrics").GetRawText());
        Assert.AreEqual(first, Train("--threads", "2", "--json").Json.GetProperty("metrics").GetRawText());
        Assert.AreNotEqual(first, Train("--seed", "2", "--json").Json.GetProperty("metrics").GetRawText());
    }

    [TestMethod]
    public void HeldOutRowsDoNotReachTheTraining()
    {
        using var folder = new TemporaryFolder();
        string changed = SeriesFile.Write(folder.File("changed.csv"), row => row >= SeriesFile.Cut ? $"{row}" : null!);
        ToolRun.Of(SeriesFile.Train(changed, folder.File("model.zip"))).Succeeds();
        string probe = SeriesFile.Write(folder.File("probe.csv"), rows: 100);
        Assert.AreEqual(
            ToolRun.Of("predict", "--model", TrainedModel.Model, "--data", probe).Succeeds().Output,
            ToolRun.Of("predict", "--model", folder.File("model.zip"), "--data", probe).Succeeds().Output);
    }

    [TestMethod]
    public void EveryOptionReachesTheModel()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("model.zip");
        ToolRun.Of(SeriesFile.Train(
            TrainedModel.Data, model, "--layers", "2", "--dropout", "0.25", "--learning-rate", "0.0125", "--schedule", "cosine", "--optimizer", "adamw:decay=0.5",
            "--loss", "huber:2", "--validation", "0.3", "--patience", "7", "--nonfinite", "skip:4", "--clip", "value:5+norm:1", "--seed", "77")).Succeeds();
        JsonElement json = ToolRun.Of("inspect", model, "--json").Succeeds().Json;
        Assert.AreEqual(2, json.GetProperty("network").GetProperty("layers").GetInt32());
        Assert.AreEqual("value:5+norm:1", json.GetProperty("clipping").GetString());
        Assert.AreEqual("skip:4", json.GetProperty("nonfinite").GetString());
        Assert.AreEqual(77, json.GetProperty("training").GetProperty("seed").GetInt32());
        Assert.AreEqual(48, json.GetProperty("training").GetProperty("validation_rows").GetInt32());
        string options = json.GetProperty("training").GetProperty("options").GetRawText();
        foreach (string value in new[] { "0.25", "0.0125", "cosine", "adamw:decay=0.5", "huber:2", "\"16\"" }) StringAssert.Contains(options, value);
    }

    [TestMethod]
    public void TheTargetIsReplacedWholeOrNotAtAll()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("model.zip");
        File.WriteAllText(model, "old");
        ToolRun.Of(SeriesFile.Train(TrainedModel.Data, model, "--optimizer", "sgd", "--learning-rate", "1000", "--clip", "none"));
        Assert.AreEqual("old", File.ReadAllText(model));
        ToolRun.Of(SeriesFile.Train(TrainedModel.Data, model)).Succeeds();
        CollectionAssert.AreEqual(new[] { model }, Directory.GetFileSystemEntries(folder.Path));
        ToolRun.Of("inspect", model).Succeeds();
    }

    [TestMethod]
    public void ADivergedRunFailsWithOne()
    {
        ToolRun run = Train(0, "--optimizer", "sgd", "--learning-rate", "1000", "--clip", "none", "--json");
        Assert.AreEqual(1, run.ExitCode, run.Error);
        Assert.AreEqual("", run.Output);
        StringAssert.Contains(run.Error, "error: The gradient is not finite at step ");
        Assert.IsFalse(run.Error.Contains("   at ", StringComparison.Ordinal), run.Error);
    }

    [TestMethod]
    public void SkippedStepsAreCountedApartAndWarnedOf()
    {
        ToolRun run = Train(0, "--optimizer", "sgd", "--learning-rate", "1000", "--clip", "none", "--nonfinite", "skip:100", "--validation", "0", "--json");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        JsonElement gradients = run.Json.GetProperty("gradients");
        Assert.IsGreaterThan(0, gradients.GetProperty("nonfinite_steps").GetInt32());
        Assert.IsLessThan(gradients.GetProperty("steps").GetInt32(), gradients.GetProperty("nonfinite_steps").GetInt32());
        StringAssert.Contains(run.Error, "warning: Epoch 1: ");
    }

    [TestMethod]
    public void AModelThatCannotBeEvaluatedIsSaved()
    {
        // The season's drift reaches back into rows without a value from every held-out row.
        using var folder = new TemporaryFolder();
        string data = SeriesFile.Write(folder.File("series.csv"), row => row < 100 ? "" : null!);
        string[] arguments = SeriesFile.Train(data, folder.File("model.zip"), "--json");
        arguments[Array.IndexOf(arguments, "--season") + 1] = "100";
        ToolRun run = ToolRun.Of(arguments).Succeeds();
        StringAssert.Contains(run.Error, "warning: the model is saved, but it could not be evaluated.");
        Assert.AreEqual(JsonValueKind.Null, run.Json.GetProperty("metrics").ValueKind);
        Assert.AreEqual(JsonValueKind.Null, run.Json.GetProperty("evaluation").ValueKind);
        ToolRun.Of("inspect", folder.File("model.zip")).Succeeds();
    }

    [TestMethod]
    public void GapsInTheTimesAreWarnedOf()
    {
        using var folder = new TemporaryFolder();
        string[] lines = File.ReadAllLines(TrainedModel.Data);
        File.WriteAllLines(folder.File("gaps.csv"), [.. lines[..50], .. lines[51..100], .. lines[103..]]);
        ToolRun run = ToolRun.Of(SeriesFile.Train(folder.File("gaps.csv"), folder.File("model.zip"))).Succeeds();
        StringAssert.Contains(run.Error, $"'date' has 2 gaps: its usual step is 7 days, and the longest gap, after {lines[99].Split(',')[0]}, lacks 3 rows.");
    }

    [TestMethod]
    public void ASeasonIsSuggestedWhereNoneIsNamed()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = SeriesFile.Train(TrainedModel.Data, folder.File("model.zip"), "--json");
        Assert.DoesNotContain("--season", ToolRun.Of(arguments).Succeeds().Error);
        int at = Array.IndexOf(arguments, "--season");
        ToolRun run = ToolRun.Of([.. arguments[..at], .. arguments[(at + 2)..]]).Succeeds();
        StringAssert.Contains(run.Error, "Hint: the training rows repeat after 12 rows");
        Assert.AreEqual(1, run.Json.GetProperty("evaluation").GetProperty("season").GetInt32(), "suggested, not taken");
    }

    [TestMethod]
    public void AllRowsCanBeTrainedOn()
    {
        using var folder = new TemporaryFolder();
        ToolRun run = ToolRun.Of(SeriesFile.Train(TrainedModel.Data, folder.File("model.zip"), "--holdout", "0")).Succeeds();
        StringAssert.Contains(run.Error, "Training on all 200 rows");
        StringAssert.Contains(run.Output, "Gradient norm: median");
        StringAssert.Contains(run.Output, "Saved ");
        JsonElement inspected = ToolRun.Of("inspect", folder.File("model.zip"), "--json").Succeeds().Json;
        Assert.AreEqual(200, inspected.GetProperty("training").GetProperty("rows").GetInt32());
        Assert.AreEqual(200, inspected.GetProperty("remembered").GetProperty("cut").GetInt32());
        ToolRun.Of("evaluate", "--model", folder.File("model.zip"), "--data", TrainedModel.Data).IsRefused("no row is left to evaluate", "--from");
        StringAssert.Contains(
            ToolRun.Of("evaluate", "--model", folder.File("model.zip"), "--data", TrainedModel.Data, "--from", "150").Succeeds().Error,
            "warning: the model was trained on rows 150 to 199");
    }

    [TestMethod]
    public void AModelThatIsNotFiniteIsNotSaved()
    {
        using var folder = new TemporaryFolder();
        ToolRun run = ToolRun.Of(SeriesFile.Train(
            TrainedModel.Data, folder.File("model.zip"), "--optimizer", "sgd:momentum=0.99", "--learning-rate", "1000", "--clip", "none", "--nonfinite", "zero:1000000", "--validation", "0", "--json"));
        Assert.AreEqual(1, run.ExitCode, run.Error);
        Assert.AreEqual("", run.Output);
        StringAssert.Contains(run.Error, "error: The training diverged: its parameter ");
        Assert.IsFalse(File.Exists(folder.File("model.zip")));
    }

    [TestMethod]
    public void EveryOptionOfTheTrainerHasAFlagWithItsDefault()
    {
        string help = string.Join(' ', ToolRun.Of("train", "forecasting", "--help").Succeeds().Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        foreach (var option in LstmForecastingTrainer.Options.Table.Where(option => option.Flag is not null))
        {
            StringAssert.Contains(help, option.IsRequired ? $"{option.Flag} <{option.Placeholder}> (REQUIRED) {option.Description}" : option.IsSwitch ? $"{option.Flag} {option.Description}" : $"{option.Flag} <{option.Placeholder}> {option.Description}");
            if (!option.IsSwitch && option.DefaultText is { } text) StringAssert.Contains(help, $"[default: {text}]");
        }
    }

    [TestMethod]
    public void EveryFlagReachesTheTrainer()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("model.zip");
        ToolRun.Of(SeriesFile.Train(
            TrainedModel.Data, model, "--layers", "2", "--dropout", "0.25", "--learning-rate", "0.01", "--schedule", "cosine", "--optimizer", "sgd:momentum=0.9", "--clip", "value:0.5",
            "--nonfinite", "skip:3", "--loss", "huber:0.5", "--scaling", "standardize", "--validation", "0.2", "--patience", "9", "--measure-time-steps", "--threads", "1")).Succeeds();
        using JsonDocument inspected = JsonDocument.Parse(ToolRun.Of("inspect", model, "--json").Succeeds().Output);
        JsonElement options = inspected.RootElement.GetProperty("training").GetProperty("options");
        var expected = new Dictionary<string, string>
        {
            ["WindowSize"] = "24", ["Horizon"] = "3", ["HiddenSize"] = "4", ["NumberOfLayers"] = "2", ["Dropout"] = "0.25", ["BatchSize"] = "16", ["NumberOfEpochs"] = "2",
            ["LearningRate"] = "0.01", ["LearningRateSchedule"] = "cosine", ["Optimizer"] = "sgd:momentum=0.9", ["Clipping"] = "value:0.5", ["NonFinite"] = "skip:3",
            ["Loss"] = "huber:0.5", ["Scaling"] = "Standardize", ["ValidationFraction"] = "0.2", ["EarlyStopping"] = "patience=9,delta=0", ["Backend"] = "managed",
        };
        foreach (var (name, value) in expected) Assert.AreEqual(value, options.GetProperty(name).GetString(), name);
        Assert.AreEqual(24, inspected.RootElement.GetProperty("time_step_norms").GetArrayLength());
    }

    [TestMethod]
    public void TheHelpSaysHowManyThreadsTrainByDefault() =>
        StringAssert.Contains(ToolRun.Of("train", "forecasting", "--help").Succeeds().Output.ReplaceLineEndings(" "), "8 windows");

    [TestMethod]
    public void ACancelledRunFailsWithOneAndWritesNothing()
    {
        using var folder = new TemporaryFolder();
        ToolRun run = ToolRun.Of(new CancellationToken(canceled: true), SeriesFile.Train(TrainedModel.Data, folder.File("model.zip"), "--json"));
        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual("", run.Output);
        StringAssert.Contains(run.Error, "cancelled; no result was written.");
        Assert.AreEqual(0, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [TestMethod]
    public void ATrainingGoesOnFromItsCheckpoint()
    {
        using var folder = new TemporaryFolder();
        string checkpoint = folder.File("fit.checkpoint");
        ToolRun.Of(Epochs("1", folder.File("short.zip"), "--checkpoint", checkpoint)).Succeeds();
        ToolRun resumed = ToolRun.Of(Epochs("3", folder.File("resumed.zip"), "--checkpoint", checkpoint, "--json")).Succeeds();
        ToolRun whole = ToolRun.Of(Epochs("3", folder.File("whole.zip"), "--json")).Succeeds();

        Assert.AreEqual(whole.Json.GetProperty("metrics").GetRawText(), resumed.Json.GetProperty("metrics").GetRawText());
        Assert.AreEqual(whole.Json.GetProperty("gradients").GetRawText(), resumed.Json.GetProperty("gradients").GetRawText());
        Assert.AreEqual(3, resumed.Json.GetProperty("epochs").GetInt32());
        Assert.DoesNotContain("epoch 1/", resumed.Error);
        StringAssert.Contains(resumed.Error, "Resumed after epoch 1.");
        ToolRun fewer = ToolRun.Of(Epochs("2", folder.File("fewer.zip"), "--checkpoint", checkpoint, "--json")).Succeeds();
        StringAssert.Contains(fewer.Error, "has 3 epochs, more than the 2 of --epochs: nothing was trained, and the model has 3 epochs of training.");

        ToolRun other = ToolRun.Of(SeriesFile.Train(TrainedModel.Data, folder.File("other.zip"), "--clip", "value:0.1", "--checkpoint", checkpoint));
        Assert.AreEqual(2, other.ExitCode);
        StringAssert.Contains(other.Error, "another fit");
        Assert.IsFalse(File.Exists(folder.File("other.zip")));

        static string[] Epochs(string epochs, string model, params string[] more)
        {
            string[] arguments = SeriesFile.Train(TrainedModel.Data, model, ["--clip", "autoclip:40,history=9", .. more]);
            arguments[Array.IndexOf(arguments, "--epochs") + 1] = epochs;
            return arguments;
        }
    }

    private static ToolRun Train(params string[] more) => Train(0, more).Succeeds();

    private static ToolRun Train(int rows, params string[] more)
    {
        using var folder = new TemporaryFolder();
        string data = rows == 0 ? TrainedModel.Data : SeriesFile.Write(folder.File("series.csv"), rows: rows);
        return ToolRun.Of(SeriesFile.Train(data, folder.File("model.zip"), more));
    }

    private static void HasNumbers(JsonElement element, params string[] names)
    {
        CollectionAssert.AreEqual(names, element.EnumerateObject().Select(p => p.Name).ToArray());
        foreach (string name in names) Assert.IsTrue(double.IsFinite(element.GetProperty(name).GetDouble()), name);
    }
}
