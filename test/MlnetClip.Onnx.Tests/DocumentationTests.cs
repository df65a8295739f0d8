using System.Text.RegularExpressions;
using Microsoft.ML;
using MlnetClip.Onnx.Tests.Sequences;
using MlnetClip.TestKit;

namespace MlnetClip.Onnx.Tests;

/// <summary>The code on the page docs/onnx.md, and that the page has no other.</summary>
[TestClass]
public sealed partial class DocumentationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The page names files in the working folder; the tests have a folder of their own.</summary>
    private string Target(string name) => _folder.File(name);

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void TheCodeForPipelinesRuns()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = Signal.View(mlContext);
        ITransformer model = mlContext.Regression.Trainers.Lstm(Signal.Small<LstmRegressionTrainer.Options>(nameof(Signal.Value))).Fit(data);
        string path = Target("model.onnx");
        OnnxModelInfo info = mlContext.Model.ExportToOnnx(model, data.Schema, Target("model.onnx"));
        Console.WriteLine(info);
        Assert.AreEqual("Features: float [N, 12]", $"{info.Inputs.Single()}");
        Assert.IsGreaterThan(1000, new FileInfo(path).Length);
    }

    [TestMethod]
    public void TheCodeForForecastersRuns()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = Signal.View(mlContext, 100);
        var forecaster = mlContext.Forecasting.ForecastByLstm("Forecast", "Value", windowSize: 12, horizon: 3).Fit(data);
        mlContext.Model.ExportToOnnx(forecaster, data.Schema, Target("forecaster.onnx"));
        using var onnx = new OnnxFile(File.ReadAllBytes(Target("forecaster.onnx")));
        Assert.AreSequenceEqual(new[] { "Value" }, onnx.Inputs);
    }

    [TestMethod]
    public void TheCodeForWeightsRuns()
    {
        var mlContext = new MLContext(seed: 1);
        File.WriteAllBytes(Target("model.safetensors"), Weights.Safetensors.Of(
            ("lstm.weight_ih_l0", [20, 2], new float[40]), ("lstm.weight_hh_l0", [20, 5], new float[100]), ("lstm.bias_ih_l0", [20], new float[20]), ("lstm.bias_hh_l0", [20], new float[20]),
            ("fc.weight", [1, 5], new float[5]), ("fc.bias", [1], new float[1])));
        var trainer = mlContext.Regression.Trainers.Lstm(new LstmRegressionTrainer.Options
        {
            LabelColumnName = "Value", FeaturesPerStep = 2, HiddenSize = 5, NumberOfEpochs = 20,
            InitialWeights = RecurrentWeights.FromSafetensors(Target("model.safetensors")),
        });
        Assert.IsTrue(trainer.Fit(Signal.View(mlContext)).Training.WarmStart);
    }

    [TestMethod]
    public void EveryLineOfCodeOnThePageIsInTheTestsAbove()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "onnx.md")).ReplaceLineEndings("\n");
        HashSet<string> tested = [.. File.ReadLines(Path.Combine(RepositoryFiles.Root, "test", "MlnetClip.Onnx.Tests", "DocumentationTests.cs")).Select(line => line.Trim())];
        string[] code = [.. Blocks().Matches(page).SelectMany(block => block.Groups[1].Value.Split('\n')).Select(line => line.Trim()).Where(line => line.Length > 0)];
        Assert.IsNotEmpty(code);
        foreach (string line in code)
            Assert.IsTrue(tested.Contains(line) || tested.Contains(FileName().Replace(line, "Target($0)")), line);
    }

    [GeneratedRegex("""
        "[\w.-]+\.(onnx|zip|safetensors)"
        """)]
    private static partial Regex FileName();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
