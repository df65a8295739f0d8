using System.Text.Json;
using Microsoft.ML;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests.Commands;

/// <summary><c>export</c> writes every task's model as ONNX; the numbers are checked where ONNX Runtime runs, in MlnetClip.Onnx.Tests.</summary>
[TestClass]
public sealed class ExportTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void AForecasterReadsAWindow()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("model.onnx");
        JsonElement json = ToolRun.Of("export", "--model", TrainedModel.Model, "--onnx", file, "--json").Succeeds().Json;
        JsonElement input = json.GetProperty("inputs")[0], output = json.GetProperty("outputs")[0];
        Assert.AreEqual("level double N, 24", Describe(input));
        Assert.AreEqual("the target in the last 24 rows, oldest first", input.GetProperty("meaning").GetString());
        Assert.AreEqual("Forecast double N, 3", Describe(output));
        Assert.AreEqual(12, json.GetProperty("operator_set").GetInt32());
        Assert.AreEqual("norm:1", json.GetProperty("metadata").GetProperty("mlnetclip.clipping").GetString());
        Assert.AreEqual(file, json.GetProperty("onnx").GetString());
        Assert.IsGreaterThan(1000, new FileInfo(file).Length);

        ToolRun run = ToolRun.Of("export", "--model", TrainedModel.Model, "--onnx", file).Succeeds();
        string[] lines =
        [
            "inputs:", "  level: double [N, 24]: the target in the last 24 rows, oldest first", "outputs:", "  Forecast: double [N, 3]: the forecast of level for the 3 rows after the window",
        ];
        Assert.AreSequenceEqual(lines, run.Output.TrimEnd().Split(Environment.NewLine));
        Assert.AreEqual($"Wrote {file}.", run.Error.Trim());
    }

    [TestMethod]
    [DataRow("regression", "y", "Score float N, 1")]
    [DataRow("classification", "kind", "Score float N, 2; PredictedLabel.output string N, 1")]
    [DataRow("labeling", "kind,other", "Score float N, 2, 2; PredictedLabel uint32 N, 2")]
    public void AModelOverSequencesReadsTheSequence(string command, string label, string outputs)
    {
        using var folder = new TemporaryFolder();
        string data = folder.File("data.csv"), model = folder.File("model.zip"), file = folder.File("model.onnx");
        File.WriteAllLines(data, ["a,b,y,kind,other", .. Enumerable.Range(0, 40).Select(i => $"{i % 7},{i % 5},{i % 7},{(i % 7 > 3 ? "high" : "low")},{(i % 5 > 2 ? "high" : "low")}")]);
        ToolRun.Of("train", command, "--data", data, "--label", label, "--features", "a,b", "--hidden", "2", "--epochs", "1", "--model", model).Succeeds();
        JsonElement json = ToolRun.Of("export", "--model", model, "--onnx", file, "--json").Succeeds().Json;
        Assert.AreEqual("Features float N, 2", Describe(json.GetProperty("inputs").EnumerateArray().Single()));
        if (command != "regression") Assert.AreEqual("""["low","high"]""", json.GetProperty("metadata").GetProperty("mlnetclip.classes").GetString());
        Assert.AreEqual(outputs, string.Join("; ", json.GetProperty("outputs").EnumerateArray().Select(Describe)));
    }

    [TestMethod]
    public void AModelThatWasSavedWithoutTheToolIsExportedToo()
    {
        using var folder = new TemporaryFolder();
        IDataView data = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Row { Values = [i % 3, i % 4], Label = i }).ToArray());
        var model = _context.Transforms.NormalizeMinMax("Features", "Values").Append(_context.Regression.Trainers.Lstm(hiddenSize: 2, numberOfEpochs: 1)).Fit(data);
        _context.Model.Save(model, data.Schema, folder.File("model.zip"));
        JsonElement json = ToolRun.Of("export", "--model", folder.File("model.zip"), "--onnx", folder.File("model.onnx"), "--json").Succeeds().Json;
        Assert.AreEqual("Values float N, 2", Describe(json.GetProperty("inputs").EnumerateArray().Single()));
    }

    [TestMethod]
    public void WhatCannotBeExportedIsRefusedAndTheOldFileStays()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("model.zip"), file = folder.File("model.onnx");
        File.WriteAllText(file, "old");
        ToolRun.Of(SeriesFile.Train(TrainedModel.Data, model, "--strategy", "Recursive")).Succeeds();
        ToolRun.Of("export", "--model", model, "--onnx", file).IsRefused($"error: The model '{model}' cannot be exported: the forecaster of column 'level'", "its strategy is Recursive", "Hint: ");
        Assert.AreEqual("old", File.ReadAllText(file));
        ToolRun.Of("export", "--model", model, "--onnx", model).IsRefused("--onnx must not be a file that the command reads");
        ToolRun.Of("export", "--model", folder.File("no.zip"), "--onnx", file).IsRefused("There is no model");
    }

    private sealed class Row
    {
        [Microsoft.ML.Data.VectorType(2)]
        public float[] Values { get; set; } = [];

        public float Label { get; set; }
    }

    private static string Describe(JsonElement tensor) =>
        $"{tensor.GetProperty("name").GetString()} {tensor.GetProperty("type").GetString()} {string.Join(", ", tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetString()))}";
}
