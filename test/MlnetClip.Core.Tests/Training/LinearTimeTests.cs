using MlnetClip.TestKit;
using MlnetClip.Data;
using MlnetClip.Losses;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Training;

/// <summary>
/// A training step takes time in proportion to time steps and to sequences. What is compared is processor time, and only its
/// ratio: neither the machine's speed nor other programs on it change that.
/// </summary>
[TestClass]
[DoNotParallelize]
public sealed class LinearTimeTests
{
    [TestMethod]
    public void InTimeSteps() => CheckRatio(timeSteps: 40, batchSize: 16, longer: 8, larger: 1);

    [TestMethod]
    public void InSequences() => CheckRatio(timeSteps: 40, batchSize: 16, longer: 1, larger: 8);

    /// <summary>Eight times the work takes less than 24 times as long: three times what it should, and far from the 64 of quadratic time.</summary>
    private static void CheckRatio(int timeSteps, int batchSize, int longer, int larger)
    {
        double ratio = Fastest(timeSteps * longer, batchSize * larger) / Fastest(timeSteps, batchSize);
        Assert.IsTrue(ratio < 24, $"Eight times the work took {ratio:F1} times as long.");
    }

    private static double Fastest(int timeSteps, int batchSize)
    {
        var spec = new StackSpec(Features: 8, HiddenSize: 32, Layers: 1, Outputs: 1);
        using var backend = spec.Backend(timeSteps, batchSize, new MseLoss());
        backend.Initialize(1);
        var batch = new SequenceBatch(new BatchShape(timeSteps, 8, 1), batchSize);
        batch.Inputs.Fill(0.1f);
        double fastest = double.PositiveInfinity;
        for (int round = 0; round < 5; round++)
        {
            // Enough steps to be far above the clock's resolution.
            int steps = 0;
            TimeSpan start = Environment.CpuUsage.TotalTime, used;
            do
            {
                backend.ComputeGradients(batch, 0);
                steps++;
                used = Environment.CpuUsage.TotalTime - start;
            }
            while (used < TimeSpan.FromSeconds(0.1));

            fastest = Math.Min(fastest, used.TotalSeconds / steps);
        }

        return fastest;
    }
}
