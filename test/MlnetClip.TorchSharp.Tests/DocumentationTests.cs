using Microsoft.ML;
using MlnetClip.TestKit;
using MlnetClip.Tests.Sequences;

namespace MlnetClip.Libtorch.Tests;

/// <summary>The code on the page docs/libtorch.md, and that the page has no other.</summary>
[TestClass]
public sealed class DocumentationTests : LibtorchTest
{
    [TestMethod]
    public void TheCodeOnThePageRuns()
    {
        IDataView data = Pulse.View(new MLContext(seed: 1));

        var mlContext = new MLContext(seed: 1) { GpuDeviceId = 0, FallbackToCpu = true };
        var trainer = mlContext.Regression.Trainers.Lstm(new LstmRegressionTrainer.Options
        {
            LabelColumnName = "Value", FeaturesPerStep = 2, HiddenSize = 8, Clipping = GradientClipping.ByGlobalNorm(1),
            Backend = TorchSharpBackend.Default,
        });
        var model = trainer.Fit(data);

        Assert.AreEqual("torch", model.Training.Options["Backend"]);
        string page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "libtorch.md"));
        string source = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "test", "MlnetClip.TorchSharp.Tests", "DocumentationTests.cs"));
        string[] examples = [.. page.Split("```csharp").Skip(1).Select(part => part.Split("```")[0])];
        Assert.HasCount(1, examples);
        foreach (string line in examples[0].Trim().Split('\n')) Assert.Contains(line.Trim(), source);
    }
}
