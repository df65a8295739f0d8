using MlnetClip.Losses;
using MlnetClip.Data;
using MlnetClip.Parameters;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Goldens;

/// <summary>Outputs, loss and all gradients by name against PyTorch's, on every path.</summary>
[TestClass]
public sealed class ModelGoldenTests
{
    public static IEnumerable<object[]> Cases => ModelGolden.Cases("models");

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void MatchesPyTorch(string name, string path)
    {
        GoldenFile golden = GoldenFile.Load(name);
        using ManagedBackend backend = ModelGolden.Backend(golden, "parameters", path);
        var batch = new SequenceBatch(
            ModelGolden.Spec(golden).Shape(golden.Integer("steps"), LossText.Parse(golden.Text("loss"))), golden.Integer("batch"));
        golden.Array("inputs").CopyTo(batch.Inputs);
        if (golden.Text("loss") == "crossentropy")
        {
            OneHot.ToClasses(golden.Array("targets"), batch.Targets);
        }
        else
        {
            golden.Array("targets").CopyTo(batch.Targets);
            golden.Array("weights").CopyTo(batch.Weights);
        }

        float[] result = backend.Predict(batch);
        (double lossSum, double weightSum) = backend.ComputeLoss(batch);
        double value = backend.ComputeMeanGradients(batch, dropoutSeed: 0);

        Near.AssertAll(golden.Array("result"), result, 2e-6, "result");
        Near.AssertRelative(golden.Number("value"), value, 4e-6, "loss while training");
        Near.AssertRelative(golden.Number("value"), lossSum / weightSum, 4e-6, "loss");
        IReadOnlyDictionary<string, float[]> gradients = golden.Arrays("gradients");
        foreach (Parameter parameter in backend.Parameters.Items)
            Near.AssertAll(gradients[parameter.Name], backend.Parameters.GradientsOf(parameter), 4e-6, parameter.Name);
    }
}
