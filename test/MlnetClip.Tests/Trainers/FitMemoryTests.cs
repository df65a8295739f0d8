using Microsoft.ML;
using MlnetClip.Layers;
using MlnetClip.Trainers;

namespace MlnetClip.Tests.Trainers;

[TestClass]
public sealed class FitMemoryTests
{
    [TestMethod]
    public void LegalSizesThatNoBufferHoldsAreRefusedWithTheMemoryTheyNeed()
    {
        string message = Assert.ThrowsExactly<ArgumentException>(() => Forecasts.Fit(
            new MLContext(seed: 1), options => (options.WindowSize, options.BatchSize, options.HiddenSize) = (4096, 4096, 32), Forecasts.Wave(9_200))).Message;
        Assert.Contains("Training on batches of 4096 windows of 4096 rows through 1 layer of 32 units needs a buffer of 2,147,483,712 numbers", message);
        Assert.Contains("Hint: use a smaller BatchSize, WindowSize or HiddenSize.", message);
    }

    [TestMethod]
    public void TheMemoryIsComparedWithWhatThereIs()
    {
        FitMemory memory = FitMemory.Needed(new SequenceModelSpec(1, 32, 1, 3), timeSteps: 1000, batchSize: 1000, threads: 1);
        Assert.Contains("but only 512 MiB are available", Assert.ThrowsExactly<ArgumentException>(() => memory.Check(512L << 20)).Message);
        memory.Check(8L << 30);
    }

    [TestMethod]
    [DataRow(6, 1, 12, 16)]
    [DataRow(32, 2, 104, 32)]
    [DataRow(100, 1, 30, 64)]
    [DataRow(300, 2, 10, 8)]
    public void WhatIsComputedIsWhatIsAllocated(int hidden, int layers, int rows, int batch)
    {
        var model = new SequenceModelSpec(1, hidden, layers, 3);
        long before = GC.GetAllocatedBytesForCurrentThread();
        using (TrainingBackend.Managed.Create(model, rows, batch, new MseLoss(), threads: 1, seed: 1))
        {
            double allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            double computed = FitMemory.Needed(model, rows, batch, threads: 1).Floats * sizeof(float);
            Assert.IsTrue(computed > 0.8 * allocated && computed < (3 * allocated) + 500_000, $"computed {computed}, allocated {allocated}");
        }
    }
}
