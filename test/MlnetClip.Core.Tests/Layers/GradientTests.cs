using MlnetClip.Core.Tests.Kernels;
using MlnetClip.Kernels;
using MlnetClip.Layers;
using MlnetClip.Losses;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Layers;

/// <summary>
/// Outputs, loss and every gradient of the engine against the reference model in double, whose own gradients are checked
/// by central differences: on every path, over sizes around the kernels' blocks of 16 units, 32 columns and 8 rows.
/// </summary>
[TestClass]
public sealed class GradientTests
{
    // F, H, layers, O, T, B
    private static readonly int[][] Sizes =
    [
        [1, 1, 1, 1, 1, 1], [1, 2, 1, 1, 3, 2], [3, 5, 2, 2, 4, 3], [2, 15, 1, 3, 5, 4], [8, 16, 1, 1, 6, 5], [7, 17, 2, 4, 3, 7],
        [31, 31, 1, 15, 2, 8], [32, 32, 2, 16, 3, 9], [33, 33, 1, 17, 4, 17], [5, 48, 1, 33, 2, 12], [1, 20, 3, 2, 9, 1], [2, 64, 1, 1, 33, 11],
    ];

    public static IEnumerable<object[]> Cases =>
        from path in Paths.All from cell in Enum.GetNames<CellType>() from size in Sizes select new object[] { path[0], cell, size };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void MatchTheReferenceModel(string path, string cell, int[] size) =>
        Compare(path, new SequenceModelSpec(size[0], size[1], size[2], size[3], Cell: Enum.Parse<CellType>(cell)), size[4], size[5], "mse");

    [TestMethod]
    [DataRow("huber:0.3", 1)]
    [DataRow("huber:2", 2)]
    [DataRow("crossentropy", 1)]
    [DataRow("crossentropy", 2)]
    public void MatchTheReferenceModelWithEachLoss(string loss, int layers) =>
        Compare(KernelPaths.Best.ToString(), new SequenceModelSpec(3, 12, layers, 5), 6, 5, loss);

    private static void Compare(string path, SequenceModelSpec spec, int T, int B, string lossText)
    {
        ILoss loss = LossText.Parse(lossText);
        using var model = RandomModel.Create(spec, T, B, loss, threads: 2, Paths.Kernels(path));
        var reference = new ReferenceModel(spec);
        foreach (var parameter in model.Backend.Parameters.Items)
            Near.Doubles(model.Backend.Parameters.ValuesOf(parameter)).CopyTo(reference.Values[parameter.Name], 0);
        double[] inputs = Near.Doubles(model.Batch.Inputs);
        double expected = reference.ComputeGradients(inputs, Near.Doubles(model.Batch.Targets), Near.Doubles(model.Batch.Weights), T, lossText);

        var outputs = new float[B * spec.Outputs];
        model.Backend.Predict(model.Batch, outputs);
        double actual = model.Backend.ComputeGradients(model.Batch, dropoutSeed: 0);

        Near.AssertAll(reference.Predict(inputs, T), Near.Doubles(outputs), 2e-6, "outputs");
        Near.AssertRelative(expected, actual, 1e-5, "loss");
        foreach (var parameter in model.Backend.Parameters.Items)
            Near.AssertAll(reference.Gradients[parameter.Name], Near.Doubles(model.Backend.Parameters.GradientsOf(parameter)), 1e-5, parameter.Name);
    }
}
