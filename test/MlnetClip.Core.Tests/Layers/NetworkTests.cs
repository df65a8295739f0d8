using MlnetClip.Data;
using MlnetClip.Models;
using MlnetClip.Parameters;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Layers;

/// <summary>One network with a layer of every kind: threads, allocation, initialization, limits inside the backward pass, and what is refused.</summary>
[TestClass]
public sealed class NetworkTests
{
    private static readonly BatchShape Shape = new(TimeSteps: 9, Features: 3, Targets: 4, Ids: 2);

    internal static ModelSpec Everything(Pooling pooling) => new()
    {
        Features = 3,
        Embeddings = [new EmbeddingSpec(7, 5), new EmbeddingSpec(50, 3)],
        Layers =
        [
            new RecurrentSpec(RecurrentCell.Lstm, 20, Bidirectional: true, RecurrentDropout: 0.2f, ForgetGateBias: 1f),
            new LayerNormalizationSpec(), new DropoutSpec(0.3f),
            new RecurrentSpec(RecurrentCell.Gru, 33, RecurrentDropout: 0.1f), new DropoutSpec(0.1f),
            new RecurrentSpec(RecurrentCell.RnnRelu, 16, Bidirectional: true), new LayerNormalizationSpec(),
        ],
        Head = new HeadSpec(pooling, 4),
    };

    [TestMethod]
    [DataRow(Pooling.Last)]
    [DataRow(Pooling.Mean)]
    [DataRow(Pooling.Max)]
    [DataRow(Pooling.EveryStep)]
    public void EveryNumberOfThreadsGivesTheSameBits(Pooling pooling)
    {
        float[]? expected = null;
        for (int threads = 1; threads <= 3; threads++)
        {
            using ManagedBackend backend = Create(pooling, threads);
            double loss = backend.ComputeGradients(Batch(pooling), 5).LossSum;
            float[] actual = [(float)loss, .. backend.Parameters.Gradients];
            expected ??= actual;
            Near.AssertSameBits(expected, actual, $"{threads} threads");
        }

        foreach (float value in expected!) Assert.IsTrue(float.IsFinite(value));
    }

    [TestMethod]
    [DataRow(Pooling.Last)]
    [DataRow(Pooling.Max)]
    [DataRow(Pooling.EveryStep)]
    public void AStepAllocatesNothing(Pooling pooling)
    {
        using ManagedBackend backend = Create(pooling, threads: 2);
        SequenceBatch batch = Batch(pooling);
        for (ulong i = 0; i < 3; i++) backend.ComputeGradients(batch, i);
        Assert.AreEqual(0, Allocation.Of(backend.Workers, () =>
        {
            for (ulong i = 0; i < 5; i++) backend.ComputeGradients(batch, i);
        }));
    }

    [TestMethod]
    public void InitialisationIsPyTorchs()
    {
        using ManagedBackend backend = Create(Pooling.Last, 1);
        foreach (Parameter parameter in backend.Parameters.Items)
        {
            float[] values = backend.Parameters.ValuesOf(parameter).ToArray();
            double bound = parameter.Role switch
            {
                ParameterRole.Head => 1 / Math.Sqrt(32),
                ParameterRole.Embedding => 6,
                ParameterRole.Normalization => 1,
                _ when parameter.Name.Contains("bias", StringComparison.Ordinal) && parameter.Layer == 1 => 1,
                _ => 1 / Math.Sqrt(parameter.Rows / Math.Max(1, parameter.Gates.Count)),
            };
            Assert.IsTrue(values.All(v => Math.Abs(v) <= bound), parameter.Name);
            if (parameter.Role == ParameterRole.Normalization) CollectionAssert.AreEqual(Enumerable.Repeat(parameter.IsBias ? 0f : 1f, values.Length).ToArray(), values);
            else if (values.Length > 100) Assert.IsTrue(values.Max(Math.Abs) > bound / 3, $"{parameter.Name} does not fill its range.");
        }

        foreach (string suffix in new[] { "", "_reverse" })
        {
            float[] input = backend.Parameters.ValuesOf(backend.Parameters[$"lstm.bias_ih_l0{suffix}"]).ToArray();
            float[] hidden = backend.Parameters.ValuesOf(backend.Parameters[$"lstm.bias_hh_l0{suffix}"]).ToArray();
            for (int unit = 0; unit < 20; unit++) Assert.AreEqual(1f, input[20 + unit] + hidden[20 + unit], "forget gate");
            Assert.AreNotEqual(1f, input[0] + hidden[0]);
        }

        var embedding = backend.Parameters.ValuesOf(backend.Parameters["embedding1.weight"]).ToArray();
        Assert.AreEqual(1, Math.Sqrt(embedding.Average(v => (double)v * v)), 0.15, "deviation of an embedding");
    }

    [TestMethod]
    public void ALimitInsideTheBackwardPassIsForTheMeanLossWhateverTheBatchSize()
    {
        // The same sequence twice has the same mean gradient as once, so the same limits act on it.
        var spec = new StackSpec(3, 17, 2, 2, Cell: RecurrentCell.Gru);
        using RandomModel one = RandomModel.Create(spec, 9, 1);
        using ManagedBackend two = spec.Backend(9, 2, new MseLoss());
        one.Backend.Parameters.Values.CopyTo(two.Parameters.Values);
        var batch = new SequenceBatch(spec.Shape(9), 2);
        for (int b = 0; b < 2; b++) one.Batch.CopySequence(0, batch, b);
        one.Backend.BackpropClipping = two.BackpropClipping = new BackpropLimits(Value: 0.001f);
        one.Backend.ComputeMeanGradients(one.Batch, 0);
        two.BackpropClipping = new BackpropLimits(Value: 0.0005f); // each of two sequences has half the mean's gradient
        two.ComputeMeanGradients(batch, 0);
        Assert.IsTrue(one.Backend.ShareLimitedInside > 0.1, $"{one.Backend.ShareLimitedInside}");
        Near.AssertAll(Near.Doubles(one.Backend.Parameters.Gradients), Near.Doubles(two.Parameters.Gradients), 2e-6, "gradient");
    }

    [TestMethod]
    [DataRow("truncate:3")]
    [DataRow("inside:0.002")]
    [DataRow("inside-norm:0.01")]
    public void LimitsAndTruncationGoByTheEndOfEachSequence(string clipping)
    {
        // A padded batch gives the sum of what its sequences give alone.
        foreach (RecurrentCell cell in Enum.GetValues<RecurrentCell>())
        {
            var spec = new ModelSpec { Features = 3, Layers = [new RecurrentSpec(cell, 10, Bidirectional: true), new RecurrentSpec(cell, 12)], Head = new HeadSpec(Pooling.Last, 2) };
            var shape = new BatchShape(8, 3, 2);
            using var padded = new ManagedBackend(spec, shape, 3, new MseLoss());
            padded.Initialize(3);
            var random = new SeededRandom(4);
            var batch = new SequenceBatch(shape, 3);
            foreach (ref float x in batch.Inputs) x = (2 * random.NextSingle()) - 1;
            foreach (ref float x in batch.Targets) x = (2 * random.NextSingle()) - 1;
            (batch.Lengths[0], batch.Lengths[1], batch.Lengths[2]) = (8, 5, 2);
            BackpropLimits limits = GradientClipping.Parse(clipping).BackpropClipping!.At(default);
            padded.BackpropClipping = limits;
            padded.ComputeGradients(batch, 0);
            var sum = new double[padded.Parameters.Length];
            using var alone = new ManagedBackend(spec, shape, 1, new MseLoss());
            padded.Parameters.Values.CopyTo(alone.Parameters.Values);
            for (int b = 0; b < 3; b++)
            {
                var single = new SequenceBatch(shape, 1);
                batch.CopySequence(b, single, 0);
                single.TrimToLongest();
                alone.BackpropClipping = new(limits.Value * 3, limits.Norm * 3, limits.TruncateSteps); // the padded batch has three times the weights
                alone.ComputeGradients(single, 0);
                for (int i = 0; i < sum.Length; i++) sum[i] += alone.Parameters.Gradients[i];
            }

            Near.AssertAll(sum, Near.Doubles(padded.Parameters.Gradients), 1e-5, $"{cell}");
        }
    }

    [TestMethod]
    [DataRow(Pooling.Last)]
    [DataRow(Pooling.Mean)]
    [DataRow(Pooling.Max)]
    [DataRow(Pooling.EveryStep)]
    public void APaddedBatchGivesTheSumOfItsSequences(Pooling pooling)
    {
        ModelSpec spec = Everything(pooling);
        spec = spec with { Layers = [.. spec.Layers.Where(l => l is not DropoutSpec).Select(l => l is RecurrentSpec r ? r with { RecurrentDropout = 0 } : l)] };
        SequenceBatch batch = Batch(pooling);
        using var padded = new ManagedBackend(spec, batch.Shape, 6, new MseLoss(), threads: 2);
        padded.Initialize(1);
        BatchSums sums = padded.ComputeGradients(batch, 0), single = default;
        var gradient = new double[padded.Parameters.Length];
        using var alone = new ManagedBackend(spec, batch.Shape, 1, new MseLoss());
        padded.Parameters.Values.CopyTo(alone.Parameters.Values);
        for (int b = 0; b < 6; b++)
        {
            var one = new SequenceBatch(batch.Shape, 1);
            batch.CopySequence(b, one, 0);
            one.TrimToLongest();
            single += alone.ComputeGradients(one, 0);
            for (int i = 0; i < gradient.Length; i++) gradient[i] += alone.Parameters.Gradients[i];
        }

        Near.AssertRelative(single.LossSum, sums.LossSum, 1e-6, "loss");
        Assert.AreEqual(single.WeightSum, sums.WeightSum);
        foreach (Parameter parameter in padded.Parameters.Items)
            Near.AssertAll(gradient.AsSpan(parameter.Offset, parameter.Length).ToArray(), Near.Doubles(padded.Parameters.GradientsOf(parameter)), 1e-5, parameter.Name);
    }

    [TestMethod]
    public void TruncationNeedsAHeadOnTheLastStep()
    {
        using ManagedBackend backend = Create(Pooling.Mean, 1);
        StringAssert.Contains(
            Assert.ThrowsExactly<NotSupportedException>(() => backend.BackpropClipping = new BackpropLimits(TruncateSteps: 3)).Message, "but it reads Mean");
        backend.BackpropClipping = new BackpropLimits(Value: 1f);
    }

    [TestMethod]
    public void IdsOutsideAnEmbeddingAreRefused()
    {
        using ManagedBackend backend = Create(Pooling.Last, 1);
        SequenceBatch batch = Batch(Pooling.Last);
        batch.Ids[(2 * 6 * 2) + 0] = 7;
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => backend.ComputeLoss(batch)).Message, "Id column 0 must hold ids from 0 to 6, but holds 7 at time step 2 of sequence 0");
    }

    [TestMethod]
    public void IllegalModelsAreRefusedWithEveryError()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => (Everything(Pooling.Last) with { Layers = [new LayerNormalizationSpec()] }).Validate()).Message, "must have a recurrent layer");
        var spec = new ModelSpec
        {
            Features = -1,
            Embeddings = [new EmbeddingSpec(0, 0)],
            Layers = [new DropoutSpec(1f), new RecurrentSpec(RecurrentCell.Gru, 0, RecurrentDropout: 1f, ForgetGateBias: 1f), new LayerNormalizationSpec(0f)],
            Head = new HeadSpec((Pooling)9, 0),
        };
        string message = Assert.ThrowsExactly<ArgumentException>(spec.Validate).Message;
        foreach (string part in new[]
        {
            "Features", "Embeddings[0].Count", "Embeddings[0].Size", "Layers[0].Probability", "Layers[1].HiddenSize", "Layers[1].RecurrentDropout",
            "Layers[1].ForgetGateBias", "Layers[2].Epsilon", "Head.Outputs", "Head.Pooling",
        }) StringAssert.Contains(message, part);
    }

    [TestMethod]
    public void ModelsPrintAndCompareByValue()
    {
        Assert.AreEqual(Everything(Pooling.Last), Everything(Pooling.Last));
        Assert.AreEqual(Everything(Pooling.Last).GetHashCode(), Everything(Pooling.Last).GetHashCode());
        Assert.AreNotEqual(Everything(Pooling.Last), Everything(Pooling.Mean));
        Assert.AreEqual(
            "features(3) embedding(7, 5) embedding(50, 3) lstm(20, bidirectional, recurrent dropout 0.2, forget gate bias 1) layernorm(1E-05) dropout(0.3) "
            + "gru(33, recurrent dropout 0.1) dropout(0.1) rnnrelu(16, bidirectional) layernorm(1E-05) head(max, 4)", Everything(Pooling.Max).ToString());
    }

    private static ManagedBackend Create(Pooling pooling, int threads)
    {
        var backend = new ManagedBackend(Everything(pooling), Shape with { EveryStep = pooling == Pooling.EveryStep }, 6, new MseLoss(), threads);
        backend.Initialize(1);
        return backend;
    }

    internal static SequenceBatch Batch(Pooling pooling)
    {
        var random = new SeededRandom(2);
        var batch = new SequenceBatch(Shape with { EveryStep = pooling == Pooling.EveryStep }, 6);
        foreach (ref float x in batch.Inputs) x = (2 * random.NextSingle()) - 1;
        for (int i = 0; i < batch.Ids.Length; i++) batch.Ids[i] = random.NextInt32(i % 2 == 0 ? 7 : 50);
        foreach (ref float x in batch.Targets) x = (2 * random.NextSingle()) - 1;
        for (int b = 0; b < 6; b++) batch.Lengths[b] = 9 - b;
        return batch;
    }
}
