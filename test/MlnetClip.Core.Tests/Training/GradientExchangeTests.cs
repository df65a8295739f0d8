using MlnetClip.Clipping;
using MlnetClip.Gradients;
using MlnetClip.Optimizers;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Training;

/// <summary>The stage between the backend and the division by the weight.</summary>
[TestClass]
public sealed class GradientExchangeTests
{
    private static readonly ArraySource Sequences = new(1, 1, 1, new float[4], new float[4]);

    [TestMethod]
    public void SumsOverProcessesAreDividedByTheWeightOfAll()
    {
        // The other process has a weight of 3 and a gradient of 5 throughout: (1 + 5) / (1 + 3) a step.
        using var backend = new ScriptedBackend(_ => [1, 1, 1, 1]) { LossOfStep = _ => 2 };
        var options = new TrainingOptions { Epochs = 1, BatchSize = 1, LearningRate = 1, Optimizer = Optimizer.Sgd() };
        var steps = new StepRecorder();

        new TrainingLoop(backend, options, Sequences, exchange: new Other(5, new BatchSums(10, 3))).Run(steps);

        CollectionAssert.AreEqual(new float[] { -6, -6, -6, -6 }, backend.Parameters.Values.ToArray());
        Assert.AreEqual(3.0, steps.Reports[0].Loss);
        Assert.AreEqual(3.0, steps.Reports[0].Clip.NormBefore);
    }

    [TestMethod]
    public void AnInfinityOfAnotherProcessIsSeenByThePolicy()
    {
        using var backend = new ScriptedBackend(_ => [1, 1, 1, 1]);
        var options = new TrainingOptions { Epochs = 1, BatchSize = 1 };

        Assert.Throws<NonFiniteGradientException>(() => new TrainingLoop(
            backend, options, Sequences, exchange: new Other(float.PositiveInfinity, new BatchSums(1, 1))).Run());
    }

    private sealed class Other(float gradientOfOther, BatchSums sumsOfOther) : IGradientExchange
    {
        public BatchSums Combine(Span<float> gradient, BatchSums sums)
        {
            foreach (ref float g in gradient) g += gradientOfOther;
            return sums + sumsOfOther;
        }
    }
}
