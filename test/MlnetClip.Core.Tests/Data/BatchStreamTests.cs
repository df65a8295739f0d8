using MlnetClip.Data;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Data;

/// <summary>
/// What every stream of batches promises: an epoch has each sequence once, the request alone decides the order, and an epoch opened at a later
/// batch goes on as one opened at the first.
/// </summary>
[TestClass]
public sealed class BatchStreamTests
{
    private const int Count = 23;
    private static readonly BatchShape Shape = new(TimeSteps: 3, Features: 1, Targets: 1);

    public static IEnumerable<object[]> Streams =>
    [
        ["indexed", new IndexedBatchStream(new Numbers())],
        ["pool of 1", new ShuffleBuffer(Shape, Count, () => new Cursor(), 1)],
        ["pool of 5", new ShuffleBuffer(Shape, Count, () => new Cursor(), 5)],
        ["pool of all", new ShuffleBuffer(Shape, Count, () => new Cursor(), 1000)],
    ];

    [TestMethod]
    [DynamicData(nameof(Streams))]
    public void AnEpochHasEverySequenceOnce(string name, IBatchStream stream)
    {
        foreach (ulong? seed in new ulong?[] { null, 1, 2 })
        {
            List<float[]> batches = Read(stream, new EpochRequest(5, seed));
            CollectionAssert.AreEqual(new[] { 5, 5, 5, 5, 3 }, batches.Select(b => b.Length).ToArray(), name);
            CollectionAssert.AreEquivalent(Enumerable.Range(0, Count).Select(n => (float)n).ToArray(), batches.SelectMany(b => b).ToArray(), name);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Streams))]
    public void WithoutASeedTheOrderIsThatOfTheData(string name, IBatchStream stream) =>
        CollectionAssert.AreEqual(Enumerable.Range(0, Count).Select(n => (float)n).ToArray(), Read(stream, new EpochRequest(4)).SelectMany(b => b).ToArray(), name);

    [TestMethod]
    [DynamicData(nameof(Streams))]
    public void TheSeedDecidesTheOrder(string name, IBatchStream stream)
    {
        float[] one = [.. Read(stream, new EpochRequest(5, 7)).SelectMany(b => b)], other = [.. Read(stream, new EpochRequest(5, 8)).SelectMany(b => b)];
        CollectionAssert.AreEqual(one, Read(stream, new EpochRequest(5, 7)).SelectMany(b => b).ToArray(), name);
        if (name != "pool of 1") Assert.IsFalse(one.SequenceEqual(other), name);
    }

    [TestMethod]
    [DynamicData(nameof(Streams))]
    public void AnEpochOpenedLaterGoesOnAsOneOpenedAtTheFirstBatch(string name, IBatchStream stream)
    {
        foreach (ulong? seed in new ulong?[] { null, 3 })
        {
            List<float[]> all = Read(stream, new EpochRequest(5, seed));
            for (int first = 0; first <= 6; first++)
            {
                List<float[]> rest = Read(stream, new EpochRequest(5, seed, first));
                Assert.HasCount(Math.Max(0, 5 - first), rest);
                for (int n = 0; n < rest.Count; n++) CollectionAssert.AreEqual(all[first + n], rest[n], $"{name}: batch {n} from {first}");
            }
        }
    }

    [TestMethod]
    public void APoolOfAllShufflesAsEvenlyAsAPermutation()
    {
        var stream = new ShuffleBuffer(Shape, Count, () => new Cursor(), 1000);
        var firsts = new int[Count];
        for (ulong seed = 0; seed < 2300; seed++) firsts[(int)Read(stream, new EpochRequest(5, seed))[0][0]]++;
        foreach (int count in firsts) Assert.IsTrue(count is > 60 and < 140, $"{string.Join(", ", firsts)}: each should be about 100.");
    }

    [TestMethod]
    public void LengthsAndTrimmingComeFromTheSequences()
    {
        using IBatchReader reader = new ShuffleBuffer(Shape, 6, () => new Cursor(6, n => 1 + (n / 2)), 4).Open(new EpochRequest(2));
        var batch = new SequenceBatch(Shape, 2);
        for (int steps = 1; steps <= 3; steps++)
        {
            Assert.IsTrue(reader.Read(batch));
            Assert.AreEqual((steps, true), (batch.TimeSteps, batch.IsFull));
        }

        Assert.IsFalse(reader.Read(batch));
    }

    [TestMethod]
    public void AFitOverAStreamThatIsResumedGivesTheBitsOfOneThatWasNot()
    {
        float[] whole = Train(stopAfter: int.MaxValue, out _), resumed = Train(stopAfter: 8, out bool stopped);
        Assert.IsTrue(stopped);
        Near.AssertSameBits(whole, resumed, "weights");
    }

    private static float[] Train(int stopAfter, out bool stopped)
    {
        var spec = new StackSpec(Features: 1, HiddenSize: 8, Layers: 1, Outputs: 1);
        var stream = new ShuffleBuffer(Shape, Count, () => new Cursor(), 6);
        var options = new TrainingOptions { Epochs = 3, BatchSize = 5, Seed = 2 };
        using var checkpoint = new MemoryStream();
        using ManagedBackend first = spec.Backend(3, 5, new MseLoss());
        first.Initialize(1);
        using var stop = new CancellationTokenSource();
        var loop = new TrainingLoop(first, options, stream);
        stopped = loop.Run(new StepRecorder(step => { if (step.Step == stopAfter) stop.Cancel(); }), stop.Token).Reason == StopReason.Cancelled;
        if (!stopped) return first.Parameters.Values.ToArray();
        loop.Save(checkpoint);
        checkpoint.Position = 0;
        using ManagedBackend second = spec.Backend(3, 5, new MseLoss());
        var rest = new TrainingLoop(second, options, stream);
        rest.Resume(checkpoint);
        rest.Run();
        return second.Parameters.Values.ToArray();
    }

    private static List<float[]> Read(IBatchStream stream, EpochRequest request)
    {
        using IBatchReader reader = stream.Open(request);
        var batch = new SequenceBatch(stream.Shape, request.BatchSize);
        var batches = new List<float[]>();
        while (reader.Read(batch)) batches.Add([.. batch.Targets]);
        return batches;
    }

    /// <summary>Sequence n has n as its target and n + t as its inputs.</summary>
    private sealed class Numbers : ISequenceSource
    {
        public int Count => BatchStreamTests.Count;

        public BatchShape Shape => BatchStreamTests.Shape;

        public void Fill(ReadOnlySpan<int> indices, SequenceBatch batch)
        {
            batch.Resize(indices.Length);
            for (int b = 0; b < indices.Length; b++) Write(batch, b, indices[b], 3);
        }

        public static void Write(SequenceBatch batch, int b, int number, int length)
        {
            batch.Lengths[b] = length;
            for (int t = 0; t < length; t++) batch.Inputs[(t * batch.BatchSize) + b] = (number + t) / 30f;
            batch.Targets[b] = number;
            batch.Weights[b] = 1;
        }
    }

    private sealed class Cursor(int count = Count, Func<int, int>? lengthOf = null) : ISequenceCursor
    {
        private int _current = -1;

        public bool MoveNext() => ++_current < count;

        public void CopyTo(SequenceBatch batch, int index) => Numbers.Write(batch, index, _current, lengthOf?.Invoke(_current) ?? 3);

        public void Dispose()
        {
        }
    }

    [TestMethod]
    [DataRow(null, 2)]
    [DataRow(1ul, 0)]
    public void SequencesThatCannotBeReadAreClosed(ulong? seed, long firstBatch)
    {
        var cursor = new Broken();
        var stream = new ShuffleBuffer(Shape, Count, () => cursor, 5);
        Assert.ThrowsExactly<InvalidDataException>(() => stream.Open(new EpochRequest(5, seed, firstBatch)));
        Assert.IsTrue(cursor.IsClosed);
    }

    private sealed class Broken : ISequenceCursor
    {
        public bool IsClosed { get; private set; }

        public bool MoveNext() => throw new InvalidDataException();

        public void CopyTo(SequenceBatch batch, int index)
        {
        }

        public void Dispose() => IsClosed = true;
    }
}
