using MlnetClip.Core.Tests.Kernels;
using MlnetClip.Data;
using MlnetClip.Kernels;
using MlnetClip.Layers;
using MlnetClip.Losses;
using MlnetClip.Models;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Layers;

/// <summary>Parts of a batch change the order of sums only: the same outputs, and gradients within rounding; and never with the number of threads.</summary>
[TestClass]
public sealed class BatchPartsTests
{
    public static IEnumerable<object[]> Cases =>
        from path in Paths.All from pooling in Enum.GetValues<Pooling>() select new object[] { path[0], pooling };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void ChangeNothingButTheOrderOfSums(string path, Pooling pooling)
    {
        using ManagedBackend whole = Create(pooling, 1, threads: 1, Paths.Kernels(path));
        SequenceBatch batch = NetworkTests.Batch(pooling);
        double loss = whole.ComputeGradients(batch, 5).LossSum;
        double[] norms = new double[batch.TimeSteps];
        whole.TimeStepNorms(norms);
        Assert.IsTrue(whole.Parameters.Gradients.ToArray().Count(g => g != 0) > whole.Parameters.Length / 2, "There is too little to compare.");
        for (int parts = 2; parts <= BatchParts.Max; parts++)
        {
            using ManagedBackend divided = Create(pooling, parts, threads: 2, Paths.Kernels(path));
            Assert.AreEqual(loss, divided.ComputeGradients(batch, 5).LossSum, $"loss in {parts} parts");
            Near.AssertSameBits(whole.Outputs, divided.Outputs, $"outputs in {parts} parts");
            foreach (var parameter in whole.Parameters.Items)
            {
                Near.AssertAll(
                    Near.Doubles(whole.Parameters.GradientsOf(parameter)), Near.Doubles(divided.Parameters.GradientsOf(parameter)), 2e-6, $"{parameter.Name} in {parts} parts");
            }

            double[] others = new double[batch.TimeSteps];
            divided.TimeStepNorms(others);
            Near.AssertAll(norms, others, 1e-9, "norms by time step");
        }
    }

    [TestMethod]
    [DataRow(Pooling.Last)]
    [DataRow(Pooling.EveryStep)]
    public void GiveTheSameBitsOnEveryNumberOfThreads(Pooling pooling)
    {
        SequenceBatch batch = NetworkTests.Batch(pooling);
        float[]? expected = null;
        for (int threads = 1; threads <= 5; threads++)
        {
            using ManagedBackend backend = Create(pooling, 4, threads);
            for (ulong step = 0; step < 3; step++) backend.ComputeGradients(batch, step);
            float[] actual = backend.Parameters.Gradients.ToArray();
            expected ??= actual;
            Near.AssertSameBits(expected, actual, $"{threads} threads");
        }
    }

    [TestMethod]
    [DataRow("truncate:3")]
    [DataRow("inside:0.002")]
    [DataRow("inside-norm:0.01")]
    public void LimitTheSameGradientsInside(string clipping)
    {
        BackpropLimits limits = GradientClipping.Parse(clipping).BackpropClipping!.At(default);
        foreach (RecurrentCell cell in Enum.GetValues<RecurrentCell>())
        {
            var spec = new ModelSpec { Features = 3, Layers = [new RecurrentSpec(cell, 10, Bidirectional: true), new RecurrentSpec(cell, 12)], Head = new HeadSpec(Pooling.Last, 2) };
            float[] Gradients(int parts)
            {
                using var backend = new ManagedBackend(spec, new BatchShape(8, 3, 2), 5, new MseLoss(), 1, KernelSet.Best, new BatchParts(parts)) { BackpropClipping = limits };
                backend.Initialize(1);
                backend.ComputeGradients(Ragged(new BatchShape(8, 3, 2), 5), 0);
                return [(float)backend.ShareLimitedInside, .. backend.Parameters.Gradients];
            }

            Near.AssertAll(Near.Doubles(Gradients(1)), Near.Doubles(Gradients(3)), 2e-6, $"{cell}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Paths.All), typeof(Paths))]
    public void HavePanelsOfTheirOwnWhereInputsAndStatesArePacked(string path)
    {
        var shape = new BatchShape(9, 33, 2);
        foreach (RecurrentCell cell in Enum.GetValues<RecurrentCell>())
        {
            var spec = new ModelSpec { Features = 33, Layers = [new RecurrentSpec(cell, 80, Bidirectional: true), new RecurrentSpec(cell, 70)], Head = new HeadSpec(Pooling.Last, 2) };
            double[] Gradients(int parts)
            {
                using var backend = new ManagedBackend(spec, shape, 5, new MseLoss(), 2, Paths.Kernels(path), new BatchParts(parts));
                backend.Initialize(1);
                backend.ComputeGradients(Ragged(shape, 5), 0);
                return Near.Doubles(backend.Parameters.Gradients);
            }

            double[] whole = Gradients(1);
            for (int parts = 2; parts <= BatchParts.Max; parts++) Near.AssertAll(whole, Gradients(parts), 2e-6, $"{cell}, {parts} parts");
        }
    }

    [TestMethod]
    public void AStepAfterACancelledOneIsWhole()
    {
        SequenceBatch batch = NetworkTests.Batch(Pooling.Last);
        using ManagedBackend backend = Create(Pooling.Last, 3, threads: 2);
        backend.ComputeGradients(batch, 1);
        float[] expected = backend.Parameters.Gradients.ToArray();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        backend.Cancellation = stop.Token;
        Assert.ThrowsExactly<OperationCanceledException>(() => backend.ComputeGradients(batch, 1));
        backend.Cancellation = default;
        backend.ComputeGradients(batch, 1);
        Near.AssertSameBits(expected, backend.Parameters.Gradients, "gradients");
    }

    [TestMethod]
    public void DependOnTheModelAndTheBatch()
    {
        BatchParts narrow = new(Lstm(64)), wide = new(Lstm(512));
        Assert.AreEqual(1, narrow.Count(timeSteps: 50, batchSize: 31));
        Assert.AreEqual(2, narrow.Count(50, 32));
        Assert.AreEqual(2, narrow.Count(50, 95));
        Assert.AreEqual(3, narrow.Count(50, 96));
        Assert.AreEqual(4, narrow.Count(50, 500));
        Assert.AreEqual(1, narrow.Count(8, 64), "512 rows are fewer than 2 x 4 for each of 68 inputs");
        Assert.AreEqual(1, wide.Count(35, 64), "2240 rows are fewer than 2 x 4 for each of 516 inputs");
        Assert.AreEqual(1, new BatchParts(3).Count(9, 1), "no more parts than sequences");

        static ModelSpec Lstm(int hiddenSize) => new() { Features = 4, Layers = [new RecurrentSpec(RecurrentCell.Lstm, hiddenSize)], Head = new HeadSpec(Pooling.Last, 1) };
    }

    private static ManagedBackend Create(Pooling pooling, int parts, int threads, KernelSet? kernels = null)
    {
        SequenceBatch batch = NetworkTests.Batch(pooling);
        var backend = new ManagedBackend(NetworkTests.Everything(pooling), batch.Shape, 6, new MseLoss(), threads, kernels ?? KernelSet.Best, new BatchParts(parts));
        backend.Initialize(1);
        return backend;
    }

    private static SequenceBatch Ragged(BatchShape shape, int size)
    {
        var random = new SeededRandom(4);
        var batch = new SequenceBatch(shape, size);
        foreach (ref float x in batch.Inputs) x = (2 * random.NextSingle()) - 1;
        foreach (ref float x in batch.Targets) x = (2 * random.NextSingle()) - 1;
        for (int b = 0; b < size; b++) batch.Lengths[b] = shape.TimeSteps - b;
        return batch;
    }
}
