using MlnetClip.Data;
using MlnetClip.Models;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Libtorch.Tests;

/// <summary>What the engine promises beside the numbers.</summary>
[TestClass]
public sealed class EngineTests : LibtorchTest
{
    private static readonly ModelSpec Model = ModelSpec.Stack(3, new RecurrentSpec(RecurrentCell.Lstm, 8, RecurrentDropout: 0.2f), 2, new HeadSpec(Pooling.Last, 2), dropout: 0.3f);

    [TestMethod]
    public void TheSameSeedGivesTheSameBits()
    {
        using IBackend one = Create(), other = Create();

        one.ComputeGradients(Batch(), 7);
        other.ComputeGradients(Batch(), 7);

        Near.AssertSameBits(one.Parameters.Gradients, other.Parameters.Gradients, "gradients");
        other.ComputeGradients(Batch(), 8);
        Assert.IsFalse(one.Parameters.Gradients.SequenceEqual(other.Parameters.Gradients), "Another seed should draw other masks.");
    }

    [TestMethod]
    public void ACancelledStepEndsAndChangesNoParameter()
    {
        using IBackend backend = Create();
        float[] values = backend.Parameters.Values.ToArray();
        backend.Cancellation = new CancellationToken(canceled: true);

        Assert.ThrowsExactly<OperationCanceledException>(() => backend.ComputeGradients(Batch(), 1));

        Near.AssertSameBits(values, backend.Parameters.Values, "values");
        backend.Cancellation = default;
        backend.ComputeGradients(Batch(), 1);
    }

    [TestMethod]
    public void AGradientThatIsNotFiniteReachesTheLoop()
    {
        using IBackend backend = Create();
        SequenceBatch batch = Batch();
        batch.Inputs[4] = float.NaN;

        BatchSums sums = backend.ComputeGradients(batch, 1);

        Assert.IsTrue(double.IsNaN(sums.LossSum));
        Assert.IsTrue(float.IsNaN(backend.Parameters.GradientsOf(backend.Parameters["head.bias"])[0]));
    }

    [TestMethod]
    public void WrongShapesAndLimitsAreRefusedAsByTheManagedEngine()
    {
        var shape = new BatchShape(5, 3, 1);
        Assert.ThrowsExactly<ArgumentException>(() => TorchSharpBackend.Default.Create(new BackendRequest { Model = Model, Shape = shape, BatchSize = 4, Loss = new MseLoss() }));

        using IBackend backend = Create();
        var error = Assert.ThrowsExactly<ArgumentException>(() => backend.ComputeGradients(new SequenceBatch(new BatchShape(6, 3, 2), 4), 1));
        Assert.StartsWith("TorchSharpBackend takes up to 4 sequences", error.Message);

        ModelSpec mean = Model with { Head = new HeadSpec(Pooling.Mean, 2) };
        using IBackend other = TorchSharpBackend.Default.Create(new BackendRequest { Model = mean, Shape = new BatchShape(5, 3, 2), BatchSize = 4, Loss = new MseLoss() });
        Assert.ThrowsExactly<NotSupportedException>(() => other.BackpropClipping = new BackpropLimits(TruncateSteps: 2));
    }

    [TestMethod]
    public void AModelThatDoesNotFitIntoMemoryIsRefusedBeforeAnythingIsAllocated()
    {
        ModelSpec model = ModelSpec.Stack(3, new RecurrentSpec(RecurrentCell.Lstm, 20_000), 1, new HeadSpec(Pooling.Last, 2));

        var error = Assert.ThrowsExactly<ArgumentException>(() => TorchSharpBackend.Default.Create(
            new BackendRequest { Model = model, Shape = new BatchShape(500_000, 3, 2), BatchSize = 64, Loss = new MseLoss() }));

        Assert.Contains("Hint: use a smaller batch size", error.Message);
    }

    private static IBackend Create() =>
        TorchSharpBackend.Default.Create(new BackendRequest { Model = Model, Shape = new BatchShape(5, 3, 2), BatchSize = 4, Loss = new MseLoss(), Seed = 1 });

    private static SequenceBatch Batch()
    {
        var random = new SeededRandom(2);
        var batch = new SequenceBatch(new BatchShape(5, 3, 2), 4);
        foreach (ref float x in batch.Inputs) x = random.NextSingle();
        foreach (ref float target in batch.Targets) target = random.NextSingle();
        return batch;
    }
}
