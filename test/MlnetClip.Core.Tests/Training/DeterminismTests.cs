using MlnetClip.Core.Tests.Kernels;
using MlnetClip.Data;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Training;

/// <summary>The seed decides everything, the number of threads nothing.</summary>
[TestClass]
public sealed class DeterminismTests
{
    public static IEnumerable<object[]> AllPaths => Paths.All;

    [TestMethod]
    public void TheSameSeedGivesTheSameBits() => Near.AssertSameBits(Fit.Run(), Fit.Run(), "weights");

    [TestMethod]
    public void AnotherSeedGivesOtherWeights() =>
        Assert.IsFalse(Fit.Run().AsSpan().SequenceEqual(Fit.Run(Fit.Options with { Seed = 5 })));

    [TestMethod]
    [DynamicData(nameof(AllPaths))]
    public void EveryNumberOfThreadsGivesTheSameBits(string path)
    {
        float[] one = Fit.Run(threads: 1, kernels: Paths.Kernels(path));

        Near.AssertSameBits(one, Fit.Run(threads: 2, kernels: Paths.Kernels(path)), "weights on 2 threads");
        Near.AssertSameBits(one, Fit.Run(threads: 3, kernels: Paths.Kernels(path)), "weights on 3 threads");
    }

    [TestMethod]
    public void TheObserverChangesNothing()
    {
        using var fit = new Fit();
        fit.Loop.Run(new StepRecorder());

        Near.AssertSameBits(Fit.Run(), fit.Weights, "weights");
    }

    [TestMethod]
    public void AnEpochTakesEverySequenceOnceInAnOrderOfItsOwn()
    {
        List<int[]> epochs = Orders(shuffle: true, seed: 1);

        foreach (int[] order in epochs) CollectionAssert.AreEquivalent(Enumerable.Range(0, 7).ToArray(), order);
        Assert.IsFalse(epochs[0].SequenceEqual(epochs[1]));
        CollectionAssert.AreEqual(epochs[1], Orders(shuffle: true, seed: 1)[1]);
        Assert.IsFalse(epochs[0].SequenceEqual(Orders(shuffle: true, seed: 2)[0]));
    }

    [TestMethod]
    public void WithoutShufflingTheOrderIsTheSources()
    {
        foreach (int[] order in Orders(shuffle: false, seed: 1)) CollectionAssert.AreEqual(Enumerable.Range(0, 7).ToArray(), order);
    }

    private static List<int[]> Orders(bool shuffle, ulong seed)
    {
        var source = new RecordingSource(7);
        using var backend = new ScriptedBackend(_ => [0, 0, 0, 0]);
        var epochs = new List<int[]>();
        var observer = new StepRecorder(onEpoch: _ =>
        {
            epochs.Add([.. source.Taken]);
            source.Taken.Clear();
        });
        new TrainingLoop(backend, new TrainingOptions { Epochs = 3, BatchSize = 3, Shuffle = shuffle, Seed = seed }, new IndexedBatchStream(source)).Run(observer);
        return epochs;
    }

    private sealed class RecordingSource(int count) : ISequenceSource
    {
        public List<int> Taken { get; } = [];

        public int Count => count;

        public BatchShape Shape { get; } = new(TimeSteps: 1, Features: 1, Targets: 1);

        public void Fill(ReadOnlySpan<int> indices, SequenceBatch batch)
        {
            batch.Resize(indices.Length);
            Taken.AddRange(indices);
        }
    }
}
