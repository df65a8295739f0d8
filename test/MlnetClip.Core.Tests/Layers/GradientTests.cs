using MlnetClip.Core.Tests.Kernels;
using MlnetClip.Kernels;
using MlnetClip.Losses;
using MlnetClip.TestKit;
using MlnetClip.Training;

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
        [26, 80, 2, 3, 4, 6], [2, 17, 1, 1, 2, 300], [3, 260, 1, 1, 3, 3],
    ];

    public static IEnumerable<object[]> Cases =>
        from path in Paths.All from cell in Enum.GetNames<RecurrentCell>() from size in Sizes select new object[] { path[0], cell, size };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void MatchTheReferenceModel(string path, string cell, int[] size) =>
        Compare(path, new StackSpec(size[0], size[1], size[2], size[3], Cell: Enum.Parse<RecurrentCell>(cell)), size[4], size[5], "mse");

    [TestMethod]
    [DataRow("huber:0.3", 1)]
    [DataRow("huber:2", 2)]
    [DataRow("crossentropy", 1)]
    [DataRow("crossentropy", 2)]
    public void MatchTheReferenceModelWithEachLoss(string loss, int layers) =>
        Compare(KernelPaths.Best.ToString(), new StackSpec(3, 12, layers, 5), 6, 5, loss);

    public static IEnumerable<object[]> InsideCases =>
        from clipping in (string[])["inside:0.002", "inside-norm:0.005", "truncate:3", "truncate:1", "truncate:100", "inside:0.002+truncate:4"]
        from cell in Enum.GetNames<RecurrentCell>()
        from layers in (int[])[1, 2]
        select new object[] { clipping, cell, layers };

    [TestMethod]
    [DynamicData(nameof(InsideCases))]
    public void MatchTheReferenceModelWithClippingInsideTheBackwardPass(string clipping, string cell, int layers)
    {
        BackpropLimits inside = GradientClipping.Parse(clipping).BackpropClipping!.At(default);
        var spec = new StackSpec(3, 17, layers, 2, Cell: Enum.Parse<RecurrentCell>(cell));
        var limited = Compare(KernelPaths.Best.ToString(), spec, 9, 5, "mse", inside);
        var free = Compare(KernelPaths.Best.ToString(), spec, 9, 5, "mse");
        double difference = Near.NormError(free, limited);
        if (clipping == "truncate:100") Assert.AreEqual(0, difference);
        else Assert.IsTrue(difference > 0.01, $"{clipping} changed the gradient by {difference} only: the test shows nothing.");
    }

    [TestMethod]
    [DataRow("inside:0.002")]
    [DataRow("inside-norm:0.002")]
    public void ALimitInsideTheBackwardPassHidesNoNaN(string clipping)
    {
        foreach (RecurrentCell cell in Enum.GetValues<RecurrentCell>())
        {
            using var model = RandomModel.Create(new StackSpec(3, 17, 1, 2, Cell: cell), timeSteps: 6, batchSize: 4);
            model.Backend.BackpropClipping = GradientClipping.Parse(clipping).BackpropClipping!.At(default);
            model.Batch.Targets[2] = float.NaN;
            model.Backend.ComputeMeanGradients(model.Batch, 0);
            Assert.IsTrue(float.IsNaN(model.Backend.Parameters.GradientsOf(model.Backend.Parameters.Items[1])[0]), $"{cell}");
        }
    }

    [TestMethod]
    public void NormsByTimeStepAreThoseOfTheSums()
    {
        using var model = RandomModel.Create(new StackSpec(3, 17, 1, 2), timeSteps: 6, batchSize: 1);
        model.Backend.ComputeMeanGradients(model.Batch, 0);
        double[] norms = new double[6];
        model.Backend.TimeStepNorms(norms);
        double[] shorter = new double[4 * 17];
        for (int steps = 1; steps <= 6; steps++)
        {
            // The bias gradient of one sequence is the sum of dz over the steps that are reached: one step more is its dz.
            model.Backend.BackpropClipping = new BackpropLimits(TruncateSteps: steps);
            model.Backend.ComputeMeanGradients(model.Batch, 0);
            double[] bias = Near.Doubles(model.Backend.Parameters.GradientsOf(model.Backend.Parameters["lstm.bias_ih_l0"]));
            Near.AssertRelative(Math.Sqrt(bias.Zip(shorter).Sum(p => (p.First - p.Second) * (p.First - p.Second))), norms[6 - steps], 1e-4, $"step {6 - steps}");
            shorter = bias;
        }
    }

    private static double[] Compare(string path, StackSpec spec, int T, int B, string lossText, BackpropLimits inside = default)
    {
        ILoss loss = LossText.Parse(lossText);
        using var model = RandomModel.Create(spec, T, B, loss, threads: 2, Paths.Kernels(path));
        model.Backend.BackpropClipping = inside;
        var reference = new ReferenceModel(spec)
        {
            InsideValue = inside.Value ?? double.PositiveInfinity,
            InsideNorm = inside.Norm ?? double.PositiveInfinity,
            TruncateSteps = inside.TruncateSteps ?? int.MaxValue,
        };
        foreach (var parameter in model.Backend.Parameters.Items)
            Near.Doubles(model.Backend.Parameters.ValuesOf(parameter)).CopyTo(reference.Values[parameter.Name], 0);
        double[] inputs = Near.Doubles(model.Batch.Inputs);
        double[] targets = lossText == "crossentropy" ? OneHot.FromClasses(model.Batch.Targets, spec.Outputs) : Near.Doubles(model.Batch.Targets);
        double expected = reference.ComputeGradients(inputs, targets, Near.Doubles(model.Batch.Weights), T, lossText);

        float[] outputs = model.Backend.Predict(model.Batch);
        double actual = model.Backend.ComputeMeanGradients(model.Batch, dropoutSeed: 0);

        Near.AssertAll(reference.Predict(inputs, T), Near.Doubles(outputs), 2e-6, "outputs");
        Near.AssertRelative(expected, actual, 1e-5, "loss");
        foreach (var parameter in model.Backend.Parameters.Items)
            Near.AssertAll(reference.Gradients[parameter.Name], Near.Doubles(model.Backend.Parameters.GradientsOf(parameter)), 1e-5, parameter.Name);
        return Near.Doubles(model.Backend.Parameters.Gradients);
    }
}
