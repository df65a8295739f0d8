using MlnetClip.Core.Tests.Kernels;
using MlnetClip.Core.Tests.Layers;
using MlnetClip.Data;
using MlnetClip.Inference;
using MlnetClip.Kernels;
using MlnetClip.Models;
using MlnetClip.Parameters;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Training;

/// <summary>Sequences in a batch have the bits that each has alone, whatever the sizes, the cell and what else is in the batch.</summary>
[TestClass]
public sealed class BatchPredictorTests
{
    public static IEnumerable<object[]> Cells => from path in Paths.All from cell in Enum.GetNames<RecurrentCell>() select new object[] { path[0], cell };

    public static IEnumerable<object[]> Poolings => from path in Paths.All from pooling in Enum.GetNames<Pooling>() select new object[] { path[0], pooling };

    [TestMethod]
    [DynamicData(nameof(Cells))]
    public void EqualLengthsHaveTheBitsOfEachAlone(string path, string cell)
    {
        // F, H, layers, O, T
        foreach (int[] size in new int[][] { [1, 1, 1, 1, 1], [3, 17, 2, 5, 7], [7, 64, 2, 1, 9], [2, 33, 1, 33, 6], [30, 80, 1, 2, 5] })
        {
            var layer = new RecurrentSpec(Enum.Parse<RecurrentCell>(cell), size[1]);
            PackedModel packed = Packed(ModelSpec.Stack(size[0], layer, size[2], new HeadSpec(Pooling.Last, size[3])), path);
            var predictor = new BatchPredictor(packed);
            foreach (int count in new[] { 1, 2, 3, 4, 5, 6, 7, 8, 11, 16, 64, 65, 131 })
            {
                int[] lengths = [.. Enumerable.Repeat(size[4], count)];
                var (inputs, ids) = Inputs(packed.Model, lengths);
                float[] outputs = new float[count * size[3]];
                predictor.Predict(inputs, count, outputs);
                Near.AssertSameBits(OneByOne(packed, inputs, ids, lengths), outputs, $"{count} sequences of {packed.Model}");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Poolings))]
    public void EveryLayerAndAnyLengthsHaveTheBitsOfEachAlone(string path, string pooling)
    {
        PackedModel packed = Packed(Everything(Enum.Parse<Pooling>(pooling)), path);
        var predictor = new BatchPredictor(packed);
        var random = new SeededRandom(3);
        foreach (int count in new[] { 0, 1, 2, 5, 9, 64, 70 })
        {
            int[] lengths = [.. Enumerable.Range(0, count).Select(_ => 1 + random.NextInt32(12))];
            var (inputs, ids) = Inputs(packed.Model, lengths);
            float[] expected = OneByOne(packed, inputs, ids, lengths), outputs = new float[expected.Length];
            predictor.Predict(inputs, ids, lengths, outputs);
            Near.AssertSameBits(expected, outputs, $"{count} sequences");
            if (count == 0) continue;

            lengths = [.. Enumerable.Repeat(5, count)];
            (inputs, ids) = Inputs(packed.Model, lengths);
            expected = OneByOne(packed, inputs, ids, lengths);
            outputs = new float[expected.Length];
            predictor.Predict(inputs, ids, count, outputs);
            Near.AssertSameBits(expected, outputs, $"{count} sequences of equal lengths");
        }
    }

    /// <summary>So long that only a few sequences run together, to limit the memory.</summary>
    [TestMethod]
    public void LongSequencesRunInSmallerBatches()
    {
        PackedModel packed = Packed(ModelSpec.Stack(1, new RecurrentSpec(RecurrentCell.RnnTanh, 2), 1, new HeadSpec(Pooling.Last, 1)), $"{KernelPaths.Best}");
        int[] lengths = [180_000, 90_000, 180_000, 1, 100_000, 180_000];
        var (inputs, ids) = Inputs(packed.Model, lengths);
        float[] expected = OneByOne(packed, inputs, ids, lengths), outputs = new float[expected.Length];
        new BatchPredictor(packed).Predict(inputs, ids, lengths, outputs);
        Near.AssertSameBits(expected, outputs, "long sequences");
    }

    [TestMethod]
    public void ValuesThatAreNotFiniteStayInTheirSequence()
    {
        PackedModel packed = Packed(ModelSpec.Stack(2, new RecurrentSpec(RecurrentCell.Lstm, 20, Bidirectional: true), 2, new HeadSpec(Pooling.Mean, 3)), $"{KernelPaths.Best}");
        int[] lengths = [.. Enumerable.Repeat(4, 10)];
        var (inputs, ids) = Inputs(packed.Model, lengths);
        (inputs[3 * 8], inputs[7 * 8 + 5]) = (float.NaN, float.PositiveInfinity);
        float[] expected = OneByOne(packed, inputs, ids, lengths), outputs = new float[expected.Length];
        new BatchPredictor(packed).Predict(inputs, 10, outputs);
        for (int n = 0; n < outputs.Length; n++) Assert.AreEqual(expected[n], outputs[n], $"output {n}");
        Assert.AreEqual(float.NaN, outputs[3 * 3]);
        Assert.IsTrue(float.IsFinite(outputs[4 * 3]));
    }

    [TestMethod]
    [DataRow(Pooling.Last)]
    [DataRow(Pooling.EveryStep)]
    public void AllocatesNothing(Pooling pooling)
    {
        PackedModel packed = Packed(Everything(pooling), $"{KernelPaths.Best}");
        var predictor = new BatchPredictor(packed);
        int[] lengths = [7, 3, 9, 9, 1, 4, 2, 8], fewer = [5, 6, 1];
        var (inputs, ids) = Inputs(packed.Model, lengths);
        var (otherInputs, otherIds) = Inputs(packed.Model, fewer);
        float[] outputs = new float[OneByOne(packed, inputs, ids, lengths).Length], others = new float[OneByOne(packed, otherInputs, otherIds, fewer).Length];
        Assert.AreEqual(0, Allocation.Of(() =>
        {
            predictor.Predict(inputs, ids, lengths, outputs);
            predictor.Predict(otherInputs, otherIds, fewer, others);
        }));
    }

    [TestMethod]
    public void RefusesOtherSizesInWords()
    {
        var predictor = new BatchPredictor(Packed(Everything(Pooling.Last), $"{KernelPaths.Best}"));
        StringAssert.Contains(Message(() => predictor.Predict(new float[12], new int[8], 3, new float[12])), "4 steps");
        StringAssert.Contains(Message(() => predictor.Predict(new float[13], new int[8], 2, new float[8])), "[4, 3], but there are 13 values");
        StringAssert.Contains(Message(() => predictor.Predict(new float[12], new int[7], 2, new float[8])), "[4, 2], but there are 7 values");
        StringAssert.Contains(Message(() => predictor.Predict(new float[12], new int[8], 2, new float[7])), "8 values, but has 7");
        StringAssert.Contains(Message(() => predictor.Predict(new float[12], new int[8], [4, 0], new float[8])), "one has 0");
        StringAssert.Contains(Message(() => predictor.Predict(new float[12], [0, 0, 0, 0, 0, 50, 0, 0], 2, new float[8])), "column 1 must be from 0 to 49, but one is 50");
        static string Message(Action action) => Assert.ThrowsExactly<ArgumentException>(action).Message;
    }

    private static ModelSpec Everything(Pooling pooling) => new()
    {
        Features = 3,
        Embeddings = [new EmbeddingSpec(7, 5), new EmbeddingSpec(50, 3)],
        Layers =
        [
            new LayerNormalizationSpec(), new RecurrentSpec(RecurrentCell.Lstm, 20, Bidirectional: true), new LayerNormalizationSpec(), new DropoutSpec(0.3f),
            new RecurrentSpec(RecurrentCell.Gru, 33), new RecurrentSpec(RecurrentCell.RnnRelu, 70, Bidirectional: true), new RecurrentSpec(RecurrentCell.Gru, 16, Bidirectional: true),
        ],
        Head = new HeadSpec(pooling, 4),
    };

    private static PackedModel Packed(ModelSpec model, string path)
    {
        Parameter[] parameters = ParameterSet.LayOut(ModelLayout.Create(model));
        var random = new SeededRandom(1);
        var weights = new float[parameters[^1].Offset + parameters[^1].Length];
        foreach (ref float weight in weights.AsSpan()) weight = random.NextSingle() - 0.5f;
        return new PackedModel(model, weights, Paths.Kernels(path));
    }

    /// <summary>Sequences one after the other.</summary>
    private static (float[] Inputs, int[] Ids) Inputs(ModelSpec model, int[] lengths)
    {
        var random = new SeededRandom(2);
        int steps = lengths.Sum(), C = model.Embeddings.Count;
        float[] inputs = [.. Enumerable.Range(0, steps * model.Features).Select(_ => (2 * random.NextSingle()) - 1)];
        return (inputs, [.. Enumerable.Range(0, steps * C).Select(n => random.NextInt32(model.Embeddings[n % C].Count))]);
    }

    private static float[] OneByOne(PackedModel packed, float[] inputs, int[] ids, int[] lengths)
    {
        int F = packed.Model.Features, C = packed.Model.Embeddings.Count, start = 0;
        var predictor = new SequencePredictor(packed);
        var all = new List<float>();
        foreach (int T in lengths)
        {
            var outputs = new float[packed.Model.Head.Outputs * (packed.Model.Head.Pooling == Pooling.EveryStep ? T : 1)];
            predictor.Predict(inputs.AsSpan(start * F, T * F), ids.AsSpan(start * C, T * C), outputs);
            all.AddRange(outputs);
            start += T;
        }

        return [.. all];
    }
}
