using MlnetClip.Clipping;
using MlnetClip.Optimizers;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Training;

/// <summary>What becomes of weights, optimizer and fit when a gradient is not finite, under each policy.</summary>
[TestClass]
public sealed class NonFiniteTests
{
    private static readonly ArraySource Sequences = new(1, 1, 1, new float[4], new float[4]);

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    public void ThrowLeavesTheWeightsOfTheStepBefore(float bad)
    {
        using var backend = new ScriptedBackend(step => step == 2 ? [1, 1, bad, 1] : [1, 1, 1, 1]);
        TrainingLoop loop = Loop(backend, NonFinitePolicy.Throw);
        var steps = new StepRecorder();

        var error = Assert.Throws<NonFiniteGradientException>(() => loop.Run(steps));

        Assert.AreEqual("b", error.Event.Parameter);
        Assert.AreEqual(2, error.Event.Step);
        StringAssert.Contains(error.Message, "step 2 (epoch 1): 'b', layer 1");
        StringAssert.Contains(error.Message, "Hint: ");
        Assert.HasCount(2, steps.Reports);
        CollectionAssert.AreEqual(new float[] { -2, -2, -2, -2 }, backend.Parameters.Values.ToArray());
    }

    [TestMethod]
    public void SkipLeavesTheStepOutAndGoesOn()
    {
        using var backend = new ScriptedBackend(step => step is 1 or 2 ? [1, float.NaN, 1, 1] : [1, 1, 1, 1]);
        var steps = new StepRecorder();

        TrainingResult result = Loop(backend, NonFinitePolicy.SkipStep(2)).Run(steps);

        // Two epochs of four steps, two of them left out.
        CollectionAssert.AreEqual(new float[] { -6, -6, -6, -6 }, backend.Parameters.Values.ToArray());
        Assert.AreEqual(8, result.Steps);
        Assert.AreEqual(2, result.Clipping.SkippedSteps);
        Assert.AreEqual(6, result.Clipping.FiniteSteps);
        Assert.AreEqual(2, result.History[0].NonFiniteSteps);
        Assert.AreEqual(0, result.History[1].NonFiniteSteps);
        CollectionAssert.AreEqual(
            new[] { StepOutcome.Applied, StepOutcome.Skipped, StepOutcome.Skipped, StepOutcome.Applied },
            steps.Reports.Take(4).Select(r => r.Clip.Outcome).ToArray());
        Assert.AreEqual(new NonFiniteEvent(1, 1, "w", 0, null, StepOutcome.Skipped), result.Clipping.FirstEvents[0]);
    }

    [TestMethod]
    public void SkipDoesNotCountForTheOptimizer()
    {
        // Adam's first real step moves every weight by the learning rate, whatever was skipped before.
        using var backend = new ScriptedBackend(step => step < 3 ? [float.NaN, 1, 1, 1] : [1, 1, 1, 1]);
        float[]? afterFirst = null;
        var steps = new StepRecorder(report => afterFirst ??= report.Step == 3 ? backend.Parameters.Values.ToArray() : null);

        Loop(backend, NonFinitePolicy.SkipStep(3), Optimizer.Adam()).Run(steps);

        Near.AssertAll(new float[] { -1, -1, -1, -1 }, afterFirst!, 1e-6, "weights");
    }

    [TestMethod]
    public void SkipEndsTheFitWhenItsBudgetIsSpent()
    {
        using var backend = new ScriptedBackend(step => step is 1 or >= 3 ? [1, float.NaN, 1, 1] : [1, 1, 1, 1]);

        var error = Assert.Throws<NonFiniteGradientException>(() => Loop(backend, NonFinitePolicy.SkipStep(2)).Run());

        // Steps 3 and 4 are left out, step 5 is one too many; the single one at step 1 does not count, since step 2 was finite.
        Assert.AreEqual(5, error.Event.Step);
        CollectionAssert.AreEqual(new float[] { -2, -2, -2, -2 }, backend.Parameters.Values.ToArray());
    }

    [TestMethod]
    public void ZeroTakesTheStepWithoutTheTensorConcerned()
    {
        using var backend = new ScriptedBackend(step => step == 1 ? [1, float.PositiveInfinity, 1, 1] : [1, 1, 1, 1]);

        TrainingResult result = Loop(backend, NonFinitePolicy.ZeroTensor(1)).Run();

        CollectionAssert.AreEqual(new float[] { -7, -7, -8, -8 }, backend.Parameters.Values.ToArray());
        Assert.AreEqual(1, result.Clipping.ZeroedSteps);
    }

    [TestMethod]
    public void RollBackReturnsToTheSnapshotWithASmallerLearningRate()
    {
        using var backend = new ScriptedBackend(step => step == 3 ? [float.NaN, 1, 1, 1] : [1, 1, 1, 1]);
        var steps = new StepRecorder();

        TrainingResult result = Loop(backend, NonFinitePolicy.RollBack(0.5, snapshotEvery: 2)).Run(steps);

        // The snapshot of step 2 holds two steps of 1; four steps of 0.5 follow.
        CollectionAssert.AreEqual(new float[] { -4, -4, -4, -4 }, backend.Parameters.Values.ToArray());
        CollectionAssert.AreEqual(
            new[] { 1f, 1, 1, 1, 0.5f, 0.5f, 0.5f, 0.5f }, steps.Reports.Select(r => r.LearningRate).ToArray());
        Assert.AreEqual(1, result.Clipping.RollBacks);
    }

    [TestMethod]
    public void RollBackRestoresTheOptimizersMemory()
    {
        using var backend = new ScriptedBackend(step => step == 2 ? [float.NaN, 1, 1, 1] : [1, 1, 1, 1]);
        var options = new TrainingOptions
        {
            Epochs = 1, BatchSize = 1, LearningRate = 1, Optimizer = Optimizer.Sgd(momentum: 0.5f), Shuffle = false,
            NonFinite = NonFinitePolicy.RollBack(1, snapshotEvery: 100),
        };

        new TrainingLoop(backend, options, Sequences).Run();

        // The snapshot is from before the first step: what follows it is a first step again.
        CollectionAssert.AreEqual(new float[] { -1, -1, -1, -1 }, backend.Parameters.Values.ToArray());
    }

    [TestMethod]
    public void ALossThatIsNotFiniteIsLeftOutOfTheEpochsMean()
    {
        using var backend = new ScriptedBackend(_ => [1, 1, 1, 1]) { LossOfStep = step => step % 4 == 3 ? double.NaN : step };

        TrainingResult result = Loop(backend, NonFinitePolicy.Throw).Run();

        Assert.AreEqual(1.0, result.History[0].TrainLoss);
        Assert.AreEqual(5.0, result.FinalTrainLoss);
    }

    private static TrainingLoop Loop(ScriptedBackend backend, NonFinitePolicy policy, Optimizer? optimizer = null) =>
        new(backend, new TrainingOptions
        {
            Epochs = 2, BatchSize = 1, LearningRate = 1, Optimizer = optimizer ?? Optimizer.Sgd(), NonFinite = policy,
        }, Sequences);

    [TestMethod]
    public void WeightsThatAreNotFiniteAreNoResult()
    {
        // The gradients are finite, the weights that they update are not.
        using var backend = new ScriptedBackend(step => [step < 2 ? 1e36f : 0f, 0, 0, 0]);
        var options = new TrainingOptions { Epochs = 1, BatchSize = 1, LearningRate = 1000, Optimizer = Optimizer.Sgd(momentum: 0.999f) };
        backend.Parameters.Values[0] = -3.4e38f;
        TrainingDivergedException error = Assert.ThrowsExactly<TrainingDivergedException>(() => new TrainingLoop(backend, options, Sequences).Run());
        StringAssert.Contains(error.Message, "its parameter w has weights that are not finite");
        StringAssert.Contains(error.Message, "Hint: ");
    }
}
