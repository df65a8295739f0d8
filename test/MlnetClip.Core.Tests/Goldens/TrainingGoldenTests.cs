using MlnetClip.Optimizers;
using MlnetClip.Parameters;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Goldens;

/// <summary>
/// The training loop against fifty steps of PyTorch's, without clipping, by norm and by value: the loss and the norm before
/// clipping at every step, and the parameters at the end.
/// </summary>
[TestClass]
public sealed class TrainingGoldenTests
{
    public static IEnumerable<object[]> Cases => ModelGolden.Cases("training");

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void MatchesPyTorch(string name, string path)
    {
        GoldenFile golden = GoldenFile.Load(name);
        using ManagedBackend backend = ModelGolden.Backend(golden, "initial", path);
        float[] targets = golden.Array("targets");
        int width = golden.Integer("outputs");
        if (golden.Text("loss") == "crossentropy")
        {
            float[] oneHot = targets;
            targets = new float[oneHot.Length / width];
            OneHot.ToClasses(oneHot, targets);
            width = 1;
        }

        var source = new ArraySource(golden.Integer("steps"), golden.Integer("features"), width, golden.Array("inputs"), targets);
        Assert.AreEqual(golden.Integer("count"), source.Count);
        var options = new TrainingOptions
        {
            Epochs = golden.Integer("epochs"),
            BatchSize = golden.Integer("batch"),
            LearningRate = (float)golden.Number("rate"),
            Optimizer = Optimizer.Parse(golden.Text("optimizer")),
            Clipping = GradientClipping.Parse(golden.Text("clipping")),
            Shuffle = false,
        };
        var steps = new StepRecorder();

        TrainingResult result = new TrainingLoop(backend, options, source).Run(steps);

        float[] losses = golden.Array("losses"), norms = golden.Array("norms");
        Assert.HasCount(50, losses);
        Assert.HasCount(50, steps.Reports);
        for (int i = 0; i < losses.Length; i++)
        {
            Near.AssertRelative(losses[i], steps.Reports[i].Loss, 1e-4, $"loss of step {i + 1}");
            Near.AssertRelative(norms[i], steps.Reports[i].Clip.NormBefore, 1e-4, $"norm before clipping of step {i + 1}");
        }

        Assert.AreEqual(golden.Integer("clipped"), result.Clipping.ClippedSteps);
        IReadOnlyDictionary<string, float[]> final = golden.Arrays("final");
        foreach (Parameter parameter in backend.Parameters.Items)
            Near.AssertAll(final[parameter.Name], backend.Parameters.ValuesOf(parameter), 1e-4, parameter.Name);
    }
}
