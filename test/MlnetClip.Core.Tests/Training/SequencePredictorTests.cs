using MlnetClip.Inference;
using MlnetClip.Core.Tests.Kernels;
using MlnetClip.Core.Tests.Layers;
using MlnetClip.Kernels;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Training;

/// <summary>One sequence alone gives the bits that it gives in a batch, whatever its length and what was predicted before.</summary>
[TestClass]
public sealed class SequencePredictorTests
{
    // F, H, layers, O, T; stretches are 64 steps long
    private static readonly int[][] Sizes =
        [[1, 1, 1, 1, 1], [3, 17, 2, 5, 7], [7, 64, 2, 1, 96], [2, 33, 1, 33, 64], [5, 16, 3, 2, 65], [1, 50, 1, 1, 129], [30, 80, 1, 2, 5]];

    public static IEnumerable<object[]> Cases =>
        from path in Paths.All from cell in Enum.GetNames<RecurrentCell>() from size in Sizes select new object[] { path[0], cell, size };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void GivesTheBitsOfTheBackend(string path, string cell, int[] size)
    {
        KernelSet kernels = Paths.Kernels(path);
        const int B = 5;
        int F = size[0], O = size[3], T = size[4];
        var spec = new StackSpec(F, size[1], size[2], O, Cell: Enum.Parse<RecurrentCell>(cell));
        using var model = RandomModel.Create(spec, T, B, kernels: kernels);
        float[] expected = model.Backend.Predict(model.Batch);
        var predictor = new SequencePredictor(new PackedModel(spec, model.Backend.Parameters.Values.ToArray(), kernels));
        var inputs = new float[T * F];
        var outputs = new float[O];
        for (int b = 0; b < B; b++)
        {
            for (int t = 0; t < T; t++) model.Batch.Inputs.Slice(((t * B) + b) * F, F).CopyTo(inputs.AsSpan(t * F));
            predictor.Predict(inputs, outputs);
            Near.AssertSameBits(expected.AsSpan(b * O, O), outputs, $"sequence {b}");
        }
    }

    [TestMethod]
    public void AllocatesNothing()
    {
        var (spec, values) = Small();
        var predictor = new SequencePredictor(spec, values);
        var inputs = new float[100 * spec.Features];
        var outputs = new float[spec.Outputs];
        Assert.AreEqual(0, Allocation.Of(() => predictor.Predict(inputs, outputs)));
    }

    [TestMethod]
    public void RefusesOtherSizesInWords()
    {
        var (spec, values) = Small();
        StringAssert.Contains(Message(() => _ = new SequencePredictor(spec, values.AsMemory(1))), $"{values.Length} parameters, but {values.Length - 1}");
        var predictor = new SequencePredictor(spec, values);
        StringAssert.Contains(Message(() => predictor.Predict(new float[7], new float[2])), "[T, 3]");
        StringAssert.Contains(Message(() => predictor.Predict([], new float[2])), "[T, 3]");
        StringAssert.Contains(Message(() => predictor.Predict(new float[6], new float[1])), "2 values");
        static string Message(Action action) => Assert.ThrowsExactly<ArgumentException>(action).Message;
    }

    private static (StackSpec Spec, float[] Values) Small()
    {
        var spec = new StackSpec(Features: 3, HiddenSize: 9, Layers: 2, Outputs: 2);
        using var model = RandomModel.Create(spec, 1, 1);
        return (spec, model.Backend.Parameters.Values.ToArray());
    }
}
