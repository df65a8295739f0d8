using MlnetClip.Optimizers;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Training;

/// <summary>Which epoch is the best, when training stops, and whose weights are left.</summary>
[TestClass]
public sealed class EarlyStoppingTests
{
    private static readonly ArraySource OneSequence = new(1, 1, 1, [0f], [0f]);

    public static IEnumerable<object[]> IllegalImprovements => IllegalValues.Of(EarlyStopping.Ranges[1]).Select(v => new object[] { (double)v });

    [TestMethod]
    // Losses by epoch, patience, minimal improvement; epochs run, best epoch, reason.
    [DataRow(new[] { 5.0, 3, 4, 4, 2, 1 }, 2, 0.0, 4, 2, StopReason.EarlyStopped)]
    [DataRow(new[] { 5.0, 3, 4, 2, 4, 1 }, 2, 0.0, 6, 6, StopReason.Completed)]
    [DataRow(new[] { 5.0, 4.9, 4.8, 4, 4, 4 }, 2, 0.5, 3, 3, StopReason.EarlyStopped)]
    [DataRow(new[] { 5.0, 4.9, 4.5, 4, 4, 4 }, 3, 0.5, 6, 4, StopReason.Completed)]
    [DataRow(new[] { 3.0, 3, 3, 3, 3, 3 }, 3, 0.0, 4, 1, StopReason.EarlyStopped)]
    [DataRow(new[] { double.NaN, 3, double.NaN, double.NaN, 1, 1 }, 2, 0.0, 4, 2, StopReason.EarlyStopped)]
    [DataRow(new[] { double.NaN, double.NaN, 1, 1, 1, 1 }, 2, 0.0, 2, 0, StopReason.EarlyStopped)]
    [DataRow(new[] { double.PositiveInfinity, 3, 2, 1, 1, 1 }, 3, 0.0, 6, 4, StopReason.Completed)]
    public void StopsWhenTheLossNoLongerImproves(
        double[] losses, int patience, double minDelta, int epochsRun, int bestEpoch, StopReason reason)
    {
        TrainingResult result = Run(losses, new EarlyStopping(patience, minDelta), out float[] weights);

        Assert.AreEqual(reason, result.Reason);
        Assert.AreEqual(epochsRun, result.EpochsRun);
        Assert.AreEqual(bestEpoch, result.BestEpoch);
        Assert.AreEqual(bestEpoch == 0 ? null : losses[bestEpoch - 1], result.BestValidationLoss);

        // Every step takes the weights down by 1: they tell after which epoch they were kept.
        Assert.AreEqual(-(bestEpoch == 0 ? epochsRun : bestEpoch), weights[0]);
    }

    [TestMethod]
    public void TheBestEpochIsKeptWithoutEarlyStoppingToo()
    {
        TrainingResult result = Run([2, 1, 3, 4, 5, 6], stopping: null, out float[] weights);

        Assert.AreEqual(StopReason.Completed, result.Reason);
        Assert.AreEqual(6, result.EpochsRun);
        Assert.AreEqual(2, result.BestEpoch);
        Assert.AreEqual(-2f, weights[0]);
        CollectionAssert.AreEqual(new[] { true, true, false, false, false, false }, result.History.Select(e => e.IsBest).ToArray());
    }

    [TestMethod]
    public void WithoutValidationTheLastWeightsAreKept()
    {
        using var backend = new ScriptedBackend(_ => [1, 1, 1, 1]);

        TrainingResult result = new TrainingLoop(backend, Options, OneSequence).Run();

        Assert.AreEqual(6, result.BestEpoch);
        Assert.IsNull(result.BestValidationLoss);
        Assert.AreEqual(-6f, backend.Parameters.Values[0]);
    }

    [TestMethod]
    public void NeedsValidationSequences()
    {
        using var backend = new ScriptedBackend(_ => [1, 1, 1, 1]);

        var error = Assert.Throws<ArgumentException>(
            () => new TrainingLoop(backend, Options with { EarlyStopping = new EarlyStopping() }, OneSequence));

        Assert.StartsWith("TrainingOptions.EarlyStopping needs validation sequences, but there are none.", error.Message);
    }

    [TestMethod]
    public void AFitThatStoppedEarlyTrainsNoFurtherWhenResumed()
    {
        using var first = new ScriptedBackend(_ => [1, 1, 1, 1], 1, 2, 3, 4, 5, 6);
        var options = Options with { EarlyStopping = new EarlyStopping(2) };
        var stopped = new TrainingLoop(first, options, OneSequence, OneSequence);
        TrainingResult expected = stopped.Run();
        using var checkpoint = new MemoryStream();
        stopped.Save(checkpoint);
        checkpoint.Position = 0;
        using var second = new ScriptedBackend(_ => throw new InvalidOperationException("It trained on."));
        var resumed = new TrainingLoop(second, options, OneSequence, OneSequence);
        resumed.Resume(checkpoint);

        TrainingResult result = resumed.Run();

        Assert.AreEqual(StopReason.EarlyStopped, result.Reason);
        CollectionAssert.AreEqual(expected.History.ToArray(), result.History.ToArray());
        Near.AssertSameBits(first.Parameters.Values, second.Parameters.Values, "weights");
    }

    [TestMethod]
    [DynamicData(nameof(IllegalImprovements))]
    public void RefusesAnIllegalImprovement(double value)
    {
        var error = Assert.Throws<ArgumentException>(() => new EarlyStopping(1, value));

        Assert.StartsWith("EarlyStopping.MinDelta must be 0 or more, but was ", error.Message);
    }

    [TestMethod]
    public void ReportsAllErrorsAtOnce()
    {
        var error = Assert.Throws<ArgumentException>(() => new EarlyStopping(0, -1));

        Assert.AreEqual(
            $"EarlyStopping.Patience must be 1 or more, but was 0.{Environment.NewLine}EarlyStopping.MinDelta must be 0 or more, but was -1.",
            error.Message);
    }

    private static TrainingOptions Options => new() { Epochs = 6, LearningRate = 1, Optimizer = Optimizer.Sgd() };

    private static TrainingResult Run(double[] losses, EarlyStopping? stopping, out float[] weights)
    {
        using var backend = new ScriptedBackend(_ => [1, 1, 1, 1], losses);
        TrainingResult result = new TrainingLoop(backend, Options with { EarlyStopping = stopping }, OneSequence, OneSequence).Run();
        weights = backend.Parameters.Values.ToArray();
        return result;
    }
}
