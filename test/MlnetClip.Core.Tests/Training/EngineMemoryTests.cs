using MlnetClip.Data;
using MlnetClip.Models;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Training;

/// <summary>The memory that a fit needs is known before it is allocated, and said when it is not there.</summary>
[TestClass]
public sealed class EngineMemoryTests
{
    [TestMethod]
    public void LegalSizesThatNoBufferHoldsAreRefusedWithTheMemoryTheyNeed()
    {
        string message = Assert.ThrowsExactly<ArgumentException>(() => new StackSpec(1, 32, 1, 3).Backend(4096, 4096, new MseLoss())).Message;
        Assert.Contains("Training on batches of 4096 sequences of 4096 time steps through features(1) lstm(32) head(last, 3) needs a buffer of 2,147,483,712 values", message);
        Assert.Contains("Hint: use a smaller batch size", message);
    }

    [TestMethod]
    public void TheMemoryIsComparedWithWhatThereIs()
    {
        var spec = new StackSpec(1, 32, 1, 3);
        EngineMemory memory = EngineMemory.Needed(spec, spec.Shape(1000), batchSize: 1000, threads: 1);
        Assert.Contains("but only 512 MiB is available", Assert.ThrowsExactly<ArgumentException>(() => memory.Check(512L << 20)).Message);
        memory.Check(8L << 30);
    }

    public static IEnumerable<object[]> Models =>
        from cell in Enum.GetNames<RecurrentCell>()
        from size in (int[][])[[6, 1, 12, 16], [32, 2, 104, 32], [100, 1, 30, 64], [300, 2, 10, 8]]
        select new object[] { cell, size };

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void WhatIsComputedIsWhatIsAllocated(string cell, int[] size)
    {
        var spec = new StackSpec(1, size[0], size[1], 3, Cell: Enum.Parse<RecurrentCell>(cell));
        CheckAllocation(spec, spec.Shape(size[2]), size[3]);
    }

    [TestMethod]
    public void LayersOfEveryKindAreCounted() => CheckAllocation(
        new ModelSpec
        {
            Features = 2,
            Embeddings = [new EmbeddingSpec(500, 20)],
            Layers = [new RecurrentSpec(RecurrentCell.Gru, 40, Bidirectional: true, RecurrentDropout: 0.1f), new LayerNormalizationSpec(), new DropoutSpec(0.2f), new RecurrentSpec(RecurrentCell.Lstm, 50)],
            Head = new HeadSpec(Pooling.EveryStep, 7),
        },
        new BatchShape(60, 2, 7, EveryStep: true, Ids: 1), 24);

    [TestMethod]
    public void OnlyRecurrentWeightsHaveAGradientForEachPart()
    {
        ModelSpec Words(int count) => new() { Features = 0, Embeddings = [new EmbeddingSpec(count, 8)], Layers = [new RecurrentSpec(RecurrentCell.Lstm, 16)], Head = new HeadSpec(Pooling.Last, 1) };
        var shape = new BatchShape(20, 0, 1, Ids: 1);
        double Floats(int count, int batchSize) => EngineMemory.Needed(Words(count), shape, batchSize, threads: 1).Floats;
        Assert.AreEqual(Floats(2000, 1) - Floats(1000, 1), Floats(2000, 128) - Floats(1000, 128), 1e-6, "A batch of 128 has 4 parts, one of 1 has 1.");
        CheckAllocation(Words(3000), shape, 128);
    }

    private static void CheckAllocation(ModelSpec model, BatchShape shape, int batchSize)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var backend = new ManagedBackend(model, shape, batchSize, new MseLoss());
        double allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        double computed = EngineMemory.Needed(model, shape, batchSize, threads: 1).Floats * sizeof(float);
        Assert.IsTrue(computed > 0.8 * allocated && computed < (3 * allocated) + 500_000, $"computed {computed}, allocated {allocated}");
    }
}
