using MlnetClip.Core.Tests.Layers;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Training;

/// <summary>
/// A step's gradients have the same bits on 1, 2 and 3 threads at the sizes where the engine shares out its work in other ways.
/// <see cref="DeterminismTests"/> says so of whole fits of a small model, on every path.
/// </summary>
[TestClass]
public sealed class ThreadCountTests
{
    // F, H, layers, O, T, B
    private static readonly int[][] Sizes =
    [
        [3, 272, 1, 2, 3, 5], // wide: pieces of 32 units, the last of 16
        [40, 270, 2, 3, 3, 5], // inputs and states in panels too, and padded units
        [33, 80, 2, 17, 4, 5], // inputs and states in panels, pieces of 16 units
        [26, 48, 1, 1, 3, 7], // inputs only
        [5, 70, 1, 1, 3, 7], // states only
        [30, 70, 1, 1, 3, 201], // more rows than the weights' gradient takes at a time
        [30, 70, 2, 2, 3, 2], // fewer sequences than threads
        [30, 70, 1, 2, 1, 5], // no state before the only step
        [5, 33, 2, 2, 20, 33], // two parts
        [5, 33, 1, 2, 9, 130], // four parts, not of the same size
    ];

    public static IEnumerable<object[]> Cases =>
        from cell in Enum.GetNames<RecurrentCell>() from size in Sizes select new object[] { cell, size };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void EveryNumberOfThreadsGivesTheSameGradients(string cell, int[] size)
    {
        var spec = new StackSpec(size[0], size[1], size[2], size[3], Cell: Enum.Parse<RecurrentCell>(cell));
        (double loss, float[] gradients) = Step(spec, size[4], size[5], threads: 1);
        Assert.IsTrue(gradients.All(float.IsFinite) && gradients.Count(g => g != 0) > gradients.Length / 8, "There is too little to compare.");
        for (int threads = 2; threads <= 3; threads++)
        {
            (double otherLoss, float[] others) = Step(spec, size[4], size[5], threads);
            Assert.AreEqual(loss, otherLoss, $"loss on {threads} threads");
            Near.AssertSameBits(gradients, others, $"gradients on {threads} threads");
        }
    }

    private static (double Loss, float[] Gradients) Step(StackSpec spec, int timeSteps, int batchSize, int threads)
    {
        using var model = RandomModel.Create(spec, timeSteps, batchSize, threads: threads);
        double loss = model.Backend.ComputeMeanGradients(model.Batch, dropoutSeed: 0);
        return (loss, model.Backend.Parameters.Gradients.ToArray());
    }
}
