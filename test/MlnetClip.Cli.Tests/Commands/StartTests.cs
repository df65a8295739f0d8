using System.Text.Json;
using MlnetClip.Cli.Models;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests.Commands;

/// <summary>Training that begins with the weights of a model, or of a file of another program.</summary>
[TestClass]
public sealed class StartTests
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly string Data = Write("data.csv", reversed: false), Reversed = Write("reversed.csv", reversed: true);

    [ClassCleanup]
    public static void Remove() => Folder.Dispose();

    [TestMethod]
    public void TheFirstLossIsThatOfTheModel()
    {
        string[] Train(string epochs, string model, params string[] more) =>
        [
            "train", "forecasting", "--data", TrainedModel.Data, "--target", "level", "--window", "24", "--horizon", "3", "--hidden", "4", "--batch", "1000", "--linear-part", "None",
            "--optimizer", "sgd", "--learning-rate", "0.1", "--epochs", epochs, "--model", Folder.File(model), "--log", Folder.File($"{model}.jsonl"), .. more,
        ];
        ToolRun.Of(Train("3", "long.zip", "--validation", "0")).Succeeds(); // one step an epoch
        ToolRun.Of(Train("2", "first.zip", "--validation", "0")).Succeeds();
        ToolRun run = ToolRun.Of(Train("1", "second.zip", "--validation", "0", "--start-from", Folder.File("first.zip"))).Succeeds();

        StringAssert.Contains(run.Error, $"Training begins with the weights and the scaling of {Folder.File("first.zip")}.");
        Assert.AreEqual(Losses("long.zip")[2], Losses("second.zip")[0], 1e-6);
        Assert.AreNotEqual(Losses("long.zip")[0], Losses("second.zip")[0], 1e-4);
    }

    [TestMethod]
    [DataRow("regression", "mean")]
    [DataRow("classification", "high")]
    [DataRow("classification", "kind")]
    [DataRow("labeling", "l1,l2,l3,l4")]
    public void WithoutAnEpochItIsTheModelOfTheFile(string command, string label)
    {
        string first = Folder.File($"{command}-{label}.zip"), second = Folder.File($"{command}-{label}-again.zip");
        ToolRun.Of(Sequences(command, Data, label, first)).Succeeds();
        JsonElement json = ToolRun.Of(Sequences(command, Reversed, label, second, "--start-from", first, "--epochs=0", "--json")).Succeeds().Json; // classes in another order
        Assert.AreEqual(0, json.GetProperty("epochs").GetInt32());
        StringAssert.StartsWith(json.GetProperty("started_from").GetString(), "a trained model ");
        Assert.AreEqual(JsonValueKind.Null, json.GetProperty("gradients").GetProperty("norm_median").ValueKind);
        Assert.AreEqual(ToolRun.Of("predict", "--model", first, "--data", Data).Succeeds().Output, ToolRun.Of("predict", "--model", second, "--data", Data).Succeeds().Output);
        string shown = ToolRun.Of("inspect", second).Succeeds().Output;
        StringAssert.Contains(shown, "began with a trained model ");
        StringAssert.Contains(string.Concat(shown.Where(c => !char.IsWhiteSpace(c))), $",from{first}");
        StringAssert.Contains(shown, "no training step was made");
    }

    [TestMethod]
    public void AnExportOfAnotherProgramIsServedAsItIs()
    {
        string first = Folder.File("export.zip"), onnx = Folder.File("export.onnx"), second = Folder.File("imported.zip"), report = Folder.File("imported.html");
        ToolRun.Of(Sequences("regression", Data, "mean", first)).Succeeds();
        ToolRun.Of("export", "--model", first, "--onnx", onnx).Succeeds();
        ToolRun run = ToolRun.Of(Sequences("regression", Data, "mean", second, "--initial-weights", onnx, "--epochs=0", "--report", report)).Succeeds();
        StringAssert.Contains(run.Error, "Training begins with 6 tensors of export.onnx.");
        StringAssert.Contains(run.Output, "No training step was made");
        Assert.AreEqual(ToolRun.Of("predict", "--model", first, "--data", Data).Output, ToolRun.Of("predict", "--model", second, "--data", Data).Succeeds().Output);
        StringAssert.Contains(File.ReadAllText(report), "from 6 tensors of export.onnx");
        ToolRun.Of(Sequences("regression", Data, "mean", Folder.File("x.zip"), "--initial-weights", onnx, "--hidden=7")).IsRefused(
            "--initial-weights must fit the model features(1) lstm(7) head(last, 1)", "lstm.weight_hh_l0 [28, 7] is 'lstm.weight_hh_l0' [24, 6] in the file", "Hint: the sizes of the options must be the file's.");
        File.WriteAllText(Folder.File("no.onnx"), "no");
        ToolRun.Of(Sequences("regression", Data, "mean", Folder.File("x.zip"), "--initial-weights", Folder.File("no.onnx"))).IsRefused("--initial-weights '", "cannot be read");
    }

    [TestMethod]
    public void ANewHeadIsForAnotherHorizonAndTheRestMayBeFrozen()
    {
        string other = Folder.File("other.zip"), config = Folder.File("other.json");
        string[] start = ["--start-from", TrainedModel.Model, "--horizon=5"];
        ToolRun.Of(Start(other, start)).IsRefused($"--horizon must be 3 as in '{TrainedModel.Model}', but was 5.", $"Hint: mlnetclip inspect {TrainedModel.Model} --config FILE", "--new-head begins with another head");
        JsonElement json = ToolRun.Of(Start(other, [.. start, "--new-head", "--freeze", "body", "--json"])).Succeeds().Json;
        Assert.AreEqual("6 tensors of a forecaster of 3 rows from 24, without the head", json.GetProperty("started_from").GetString());
        LstmForecastingModelParameters before = ModelArchive.Inspect(TrainedModel.Model).Forecaster!.Model, after = ModelArchive.Inspect(other).Forecaster!.Model;
        Assert.AreSequenceEqual(before.GetWeights("lstm.weight_hh_l0").ToArray(), after.GetWeights("lstm.weight_hh_l0").ToArray());
        Assert.AreEqual(5, after.Horizon);

        ToolRun.Of("inspect", other, "--config", config).Succeeds();
        JsonElement options = JsonDocument.Parse(File.ReadAllText(config)).RootElement;
        Assert.AreEqual((TrainedModel.Model, true), (options.GetProperty("start-from").GetString(), options.GetProperty("new-head").GetBoolean()));
        string again = Folder.File("other-again.zip");
        ToolRun.Of("train", "forecasting", "--config", config, "--data", TrainedModel.Data, "--model", again).Succeeds();
        Assert.AreSequenceEqual(after.GetWeights("head.weight").ToArray(), ModelArchive.Inspect(again).Forecaster!.Model.GetWeights("head.weight").ToArray());
    }

    [TestMethod]
    public void AnotherTaskOrClassNeedsANewHead()
    {
        string binary = Folder.File("binary.zip"), kinds = Folder.File("kinds.zip"), other = Folder.File("other-task.zip");
        ToolRun.Of(Sequences("classification", Data, "high", binary)).Succeeds();
        ToolRun.Of(Sequences("classification", Data, "kind", kinds)).Succeeds();
        ToolRun.Of(Sequences("classification", Data, "kind", other, "--start-from", binary)).IsRefused(
            $"--start-from must be a model for multiclass classification, but '{binary}' is a model for binary classification.", "Hint: --new-head takes only its recurrent layers.");
        ToolRun.Of(Start(other, "--start-from", binary)).IsRefused("--start-from must be a forecaster, but");
        ToolRun.Of(Sequences("regression", Data, "mean", other, "--start-from", TrainedModel.Model)).IsRefused("--start-from must be a model for regression, but", "is a forecaster.");
        ToolRun.Of(Sequences("classification", Data, "kind", other, "--start-from", binary, "--new-head")).Succeeds();
        File.WriteAllText(Folder.File("classes.csv"), File.ReadAllText(Data).Replace(",rise,", ",up,", StringComparison.Ordinal));
        ToolRun.Of(Sequences("classification", Folder.File("classes.csv"), "kind", other, "--start-from", kinds)).IsRefused($"the label must be a class of '{kinds}', which knows ", ", but was 'up'.");
    }

    [TestMethod]
    public void WrongOptionsAreRefused()
    {
        string model = Folder.File("refused.zip");
        ToolRun.Of(Start(model, "--new-head")).IsRefused("--new-head needs --start-from FILE or --initial-weights FILE.");
        ToolRun.Of(Start(model, "--epochs=0")).IsRefused("--epochs must be 1 or more where training begins with random weights, but was 0.");
        ToolRun.Of(Start(model, "--start-from", TrainedModel.Model, "--new-head", "--epochs=0")).IsRefused("--epochs must be 1 or more where training begins with random weights");
        ToolRun.Of(Start(model, "--start-from", TrainedModel.Model, "--initial-weights", "a.onnx")).IsRefused("Only one of --start-from and --initial-weights may be given.");
        ToolRun.Of(Start(model, "--initial-weights", "a.pt")).IsRefused("--initial-weights must be a file whose name ends with .onnx or .safetensors, but was 'a.pt'.");
        ToolRun.Of(Start(model, "--initial-weights", "none.onnx")).IsRefused("there is no 'none.onnx'");
        ToolRun.Of(Start(TrainedModel.Model, "--start-from", TrainedModel.Model)).IsRefused("--model must not be a file that the command reads");
        ToolRun.Of(SeriesFile.Tune(TrainedModel.Data, "--epochs", "0")).IsRefused("--epochs must be 1 or more in a search, but was 0");
        ToolRun.Of("backtest", "--data", TrainedModel.Data, "--target", "level", "--window", "24", "--horizon", "3", "--epochs", "0").IsRefused("--epochs must be 1 or more where training begins with random weights, but was 0.");
    }

    [TestMethod]
    public void EveryFitOfABacktestBeginsWithTheWeights()
    {
        string[] Backtest(params string[] more) =>
            ["backtest", "--data", TrainedModel.Data, "--target", "level", "--window", "24", "--horizon", "3", "--hidden", "4", "--linear-part", "None", "--season", "12", "--folds", "2", .. more];
        string[] start = ["--start-from", TrainedModel.Model, "--epochs", "0", "--json"];
        ToolRun late = ToolRun.Of(Backtest([.. start, "--fold-rows", "12"])).Succeeds(), early = ToolRun.Of(Backtest([.. start, "--fold-rows", "40"])).Succeeds();
        StringAssert.Contains(late.Error, $"Every fit begins with the weights and the scaling of {TrainedModel.Model}.");
        double rmse = late.Json.GetProperty("targets")[0].GetProperty("metrics").GetProperty("rmse").GetDouble();
        double random = ToolRun.Of(Backtest("--epochs", "1", "--fold-rows", "12", "--json")).Succeeds().Json.GetProperty("targets")[0].GetProperty("metrics").GetProperty("rmse").GetDouble();
        Assert.AreNotEqual(random, rmse, 1e-6);
        Assert.DoesNotContain("was trained on 160 rows of this file", late.Error);
        StringAssert.Contains(early.Error, $"warning: '{TrainedModel.Model}' was trained on 160 rows of this file, and the first fold begins after 120");
        ToolRun.Of(Backtest("--start-from", TrainedModel.Model, "--layers", "2")).IsRefused($"--layers must be 1 as in '{TrainedModel.Model}', but was 2.", "Hint: mlnetclip inspect");
    }

    [TestMethod]
    [DataRow(false, 0.15, "170 rows of series 'B' of this file, and the first fold begins after 100:", DisplayName = "cut by rows")]
    [DataRow(true, 0.15, "170 rows of series 'B' of this file, and the first fold begins after 100:", DisplayName = "cut by time")]
    [DataRow(true, 0.6, null, DisplayName = "trained before the fold")]
    public void ABacktestComparesTheTrainedRowsOfEverySeries(bool byTime, double holdout, string? warning)
    {
        string data = Folder.File($"two-{byTime}-{holdout}.csv"), model = Folder.File($"two-{byTime}-{holdout}.zip");
        IEnumerable<string> Rows(string name, int first, int count) => Enumerable.Range(first, count).Select(i => FormattableString.Invariant($"{name},{new DateTime(2020, 1, 1).AddDays(i):yyyy-MM-dd},{Math.Sin(i / 3.0) + (0.1 * Math.Cos(i * i)):F4}"));
        File.WriteAllLines(data, ["series,day,y", .. Rows("A", 0, 1000), .. Rows("B", 800, 200)]);
        string[] columns = ["--data", data, "--target", "y", "--group", "series", "--window", "8", "--horizon", "2", "--hidden", "2", "--linear-part", "None", "--batch", "256", .. byTime ? (string[])["--time", "day"] : []];
        ToolRun.Of(["train", "forecasting", .. columns, "--epochs", "1", "--holdout", holdout.ToString(System.Globalization.CultureInfo.InvariantCulture), "--model", model]).Succeeds();
        ToolRun run = ToolRun.Of(["backtest", .. columns, "--folds", "1", "--fold-rows", "100", "--start-from", model, "--epochs", "0"]).Succeeds();
        if (warning is null) Assert.DoesNotContain("was trained on", run.Error);
        else StringAssert.Contains(run.Error, $"warning: '{model}' was trained on {warning}");
    }

    [TestMethod]
    public void TensorsAreRenamed()
    {
        string first = Folder.File("named.zip"), onnx = Folder.File("named.onnx"), second = Folder.File("renamed.zip"), config = Folder.File("renamed.json"), wrong = Folder.File("wrong.zip");
        ToolRun.Of(Sequences("regression", Data, "mean", first)).Succeeds();
        LstmModelParameters model = ModelArchive.Inspect(first).Sequences!.Model;
        string file = Folder.File("odd.safetensors");
        string[] names = ["lstm.weight_ih_l0", "lstm.weight_hh_l0", "lstm.bias_ih_l0", "lstm.bias_hh_l0", "head.weight", "head.bias"], odd = ["w,1", "w=2", "b1", "b2", "lstm.bias_ih_l0", "o"];
        WriteSafetensors(file, odd, [.. names.Select(name => model.GetWeights(name).ToArray())], [[24, 1], [24, 6], [24], [24], [1, 6], [1]]);
        string rename = string.Join(',', odd.Zip(names, (tensor, name) => tensor.Contains(',', StringComparison.Ordinal) ? $"\"{tensor}={name}\"" : $"{tensor}={name}"));
        string[] start = ["--initial-weights", file, "--epochs=0"];
        ToolRun.Of(Sequences("regression", Data, "mean", wrong, start)).IsRefused("the model has no parameter for 'w,1' [24, 1]", "Hint: --rename TENSOR=PARAMETER names the parameter that a tensor is for");
        ToolRun.Of(Sequences("regression", Data, "mean", second, [.. start, "--rename", rename])).Succeeds();
        LstmModelParameters renamed = ModelArchive.Inspect(second).Sequences!.Model;
        foreach (string name in names) Assert.AreSequenceEqual(model.GetWeights(name).ToArray(), renamed.GetWeights(name).ToArray(), name);

        ToolRun.Of("inspect", second, "--config", config).Succeeds();
        ToolRun.Of("train", "regression", "--config", config, "--data", Data, "--model", Folder.File("renamed-again.zip")).Succeeds();
        ToolRun.Of(Sequences("regression", Data, "mean", wrong, [.. start, "--rename", "b3=head.bias"])).IsRefused("--rename must name tensors of '", "there is no 'b3'", "'lstm.bias_ih_l0', 'o'", "did you mean 'b");
        ToolRun.Of(Sequences("regression", Data, "mean", wrong, [.. start, "--rename", "b1"])).IsRefused("--rename: must be TENSOR=PARAMETER, or several joined by commas, but has 'b1'.");
        ToolRun.Of(Sequences("regression", Data, "mean", wrong, [.. start, "--rename", "b1=a,b1=b"])).IsRefused("must name each tensor once, but 'b1' occurs twice");
        ToolRun.Of(Sequences("regression", Data, "mean", wrong, [.. start, "--rename", "b1=a,b1=a"])).IsRefused("must name each entry once, but 'b1=a' occurs twice");
        ToolRun.Of(Sequences("regression", Data, "mean", wrong, [.. start, "--rename", "b1=lstm.bias_ih_l0"])).IsRefused(
            "--rename must leave one tensor for each parameter, but has 'b1=lstm.bias_ih_l0', and another tensor of '", "is named 'lstm.bias_ih_l0'.", "Hint: name the parameter of that tensor too: --rename b1=lstm.bias_ih_l0,lstm.bias_ih_l0=PARAMETER.");
        ToolRun.Of(Sequences("regression", Data, "mean", wrong, "--rename", "b1=a")).IsRefused("--rename needs --initial-weights FILE");
    }

    [TestMethod]
    public void EveryFitOfASearchBeginsWithTheWeights()
    {
        string study = Folder.File("study.db"), model = Folder.File("tuned.zip");
        string[] start = ["--start-from", TrainedModel.Model];
        ToolRun.Of(SeriesFile.Tune(TrainedModel.Data, [.. start, "--study", study, "--model", model])).Succeeds();
        StringAssert.StartsWith(ModelArchive.Inspect(model).Training.StartedFrom, "a trained model, which forecasts 3 rows from 24");
        ToolRun.Of(SeriesFile.Tune(TrainedModel.Data, "--study", study)).IsRefused("has other settings or data", "StartedFrom");
        ToolRun.Of(SeriesFile.Tune(TrainedModel.Data, [.. start, "--new-head", "--horizon", "2", "--model", model])).Succeeds();
        StringAssert.EndsWith(ModelArchive.Inspect(model).Training.StartedFrom, "without the head");
        string regression = Folder.File("tuned-regression.zip");
        ToolRun.Of(Sequences("regression", Data, "mean", Folder.File("for-search.zip"))).Succeeds();
        ToolRun.Of("tune", "regression", "--data", Data, "--label", "mean", "--features", "a,b,c,d", "--hidden", "6", "--epochs", "2", "--trials", "4", "--workers", "2", "--start-from", Folder.File("for-search.zip"), "--model", regression)
            .Succeeds();
        StringAssert.StartsWith(ModelArchive.Inspect(regression).Training.StartedFrom, "a trained model features(1)");
    }

    private static string[] Start(string model, params string[] more) => Replaced(SeriesFile.Train(TrainedModel.Data, model), more);

    private static string[] Sequences(string command, string data, string label, string model, params string[] more) => Replaced(
        ["train", command, "--data", data, "--label", label, "--features", "a,b,c,d", "--hidden", "6", "--epochs", "8", "--learning-rate", "0.02", "--batch", "16", "--model", model], more);

    /// <summary>Arguments, in which those of the form <c>--name=value</c> replace others of the name.</summary>
    private static string[] Replaced(IEnumerable<string> arguments, string[] more)
    {
        List<string> all = [.. arguments];
        foreach (string option in more.Where(option => option.Contains('=')))
            if (all.IndexOf(option.Split('=')[0]) is var at and >= 0) all.RemoveRange(at, 2);
        return [.. all, .. more];
    }

    private static double[] Losses(string model) =>
        [.. File.ReadLines(Folder.File($"{model}.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.GetProperty("event").GetString() == "step").Select(line => line.GetProperty("loss").GetDouble())];

    /// <summary>Rows of four values that rise or fall, with labels for every task.</summary>
    private static string Write(string name, bool reversed)
    {
        string[] rows = [.. Enumerable.Range(0, 120).Select(row =>
        {
            double[] values = [.. Enumerable.Range(0, 4).Select(step => Math.Round(Math.Sin(row * 1.3) + ((row % 3) - 1) * step * 0.5 + (0.1 * Math.Cos(row * step)), 3))];
            string[] steps = [.. values.Select((value, step) => step > 0 && value > values[step - 1] ? "up" : "down")];
            string kind = (row % 3) switch { 0 => "fall", 1 => "flat", _ => "rise" };
            return FormattableString.Invariant($"{string.Join(',', values.Select(value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)))},{values.Average():F3},{(values.Average() > 0 ? 1 : 0)},{kind},{string.Join(',', steps)}");
        })];
        File.WriteAllLines(Folder.File(name), ["a,b,c,d,mean,high,kind,l1,l2,l3,l4", .. reversed ? rows.Reverse() : rows]);
        return Folder.File(name);
    }

    private static void WriteSafetensors(string path, string[] names, float[][] values, int[][] shapes)
    {
        var header = new Dictionary<string, object>();
        int at = 0;
        for (int i = 0; i < names.Length; i++) header[names[i]] = new { dtype = "F32", shape = shapes[i], data_offsets = new[] { at, at += 4 * values[i].Length } };
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        using FileStream file = File.Create(path);
        file.Write(BitConverter.GetBytes((long)json.Length));
        file.Write(json);
        foreach (float[] tensor in values) file.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(tensor.AsSpan()));
    }
}
