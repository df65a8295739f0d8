using MlnetClip.Data;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Training;

/// <summary>A cancelled fit keeps what it had reached.</summary>
[TestClass]
public sealed class CancellationTests
{
    [TestMethod]
    public void WithinAnEpochTheBestEpochsWeightsAreKept()
    {
        float[]? afterFirst = null;
        using var fit = new Fit();
        using var cancellation = new CancellationTokenSource();
        var observer = new StepRecorder(
            step =>
            {
                if (step.Step == 7) cancellation.Cancel();
            },
            _ => afterFirst ??= fit.Weights);

        TrainingResult result = fit.Loop.Run(observer, cancellation.Token);

        Assert.AreEqual(StopReason.Cancelled, result.Reason);
        Assert.AreEqual(8, result.Steps);
        Assert.AreEqual(1, result.EpochsRun);
        Assert.AreEqual(1, result.BestEpoch);
        Near.AssertSameBits(afterFirst!, fit.Weights, "weights");
    }

    [TestMethod]
    public void WithoutValidationTheNewestWeightsAreKept()
    {
        float[]? newest = null;
        using var fit = new Fit(validate: false);
        using var cancellation = new CancellationTokenSource();
        var observer = new StepRecorder(step =>
        {
            if (step.Step != 7) return;
            newest = fit.Weights;
            cancellation.Cancel();
        });

        fit.Loop.Run(observer, cancellation.Token);

        Near.AssertSameBits(newest!, fit.Weights, "weights");
    }

    [TestMethod]
    public void BeforeTheFirstStepNothingChanges()
    {
        using var fit = new Fit();
        float[] before = fit.Weights;

        TrainingResult result = fit.Loop.Run(cancellation: new CancellationToken(canceled: true));

        Assert.AreEqual(StopReason.Cancelled, result.Reason);
        Assert.AreEqual(0, result.Steps);
        Assert.AreEqual(0, result.BestEpoch);
        Assert.IsTrue(double.IsNaN(result.FinalTrainLoss));
        Near.AssertSameBits(before, fit.Weights, "weights");
    }

    [TestMethod]
    public void InTheLastStepOfAllTheFitIsComplete()
    {
        using var fit = new Fit();
        using var cancellation = new CancellationTokenSource();
        var observer = new StepRecorder(step =>
        {
            if (step.Step == 14) cancellation.Cancel();
        });

        TrainingResult result = fit.Loop.Run(observer, cancellation.Token);

        Assert.AreEqual(StopReason.Completed, result.Reason);
        Assert.AreEqual(3, result.EpochsRun);
    }

    /// <summary>Each batch of the validation takes 50 ms once the fit is cancelled, 25 s together.</summary>
    [TestMethod]
    public void ALongValidationIsLeftAndDoneWhenTheFitIsResumed()
    {
        using var cancellation = new CancellationTokenSource();
        var slow = new SlowSource(ArraySource.Learnable(count: 2500, timeSteps: 6, features: 3, outputs: 2, seed: 2), () =>
        {
            if (cancellation.IsCancellationRequested) Thread.Sleep(50);
        });
        using Fit whole = new(validation: slow), fit = new(validation: slow);
        whole.Loop.Run();
        int batches = 0;
        var watch = new System.Diagnostics.Stopwatch();
        var observer = new ValidationRecorder(() =>
        {
            if (++batches != 600) return; // in the second epoch
            watch.Start();
            cancellation.Cancel();
        });

        TrainingResult result = fit.Loop.Run(observer, cancellation.Token);

        Assert.IsLessThan(10, watch.Elapsed.TotalSeconds);
        Assert.AreEqual((StopReason.Cancelled, 10L, 1), (result.Reason, result.Steps, result.EpochsRun));
        using var checkpoint = new MemoryStream();
        fit.Loop.Save(checkpoint);
        checkpoint.Position = 0;
        using var resumed = new Fit(validation: ArraySource.Learnable(count: 2500, timeSteps: 6, features: 3, outputs: 2, seed: 2));
        resumed.Loop.Resume(checkpoint);
        Assert.AreEqual(15, resumed.Loop.Run().Steps);
        Near.AssertSameBits(whole.Weights, resumed.Weights, "weights");
    }

    /// <summary>The ninth step is cancelled before the engine has computed it: the fit is as it was after eight, and a resumed one does it again.</summary>
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void AStepThatIsCancelledInsideTheEngineIsDropped(int threads)
    {
        using var cancellation = new CancellationTokenSource();
        int fills = 0;
        var cancelling = new SlowSource(Fit.TrainingSource, () =>
        {
            if (++fills == 9) cancellation.Cancel();
        });
        using var fit = new Fit(threads: threads, training: new IndexedBatchStream(cancelling));
        float[]? afterEight = null;
        TrainingResult result = fit.Loop.Run(new StepRecorder(step =>
        {
            if (step.Step == 7) afterEight = fit.Weights;
        }), cancellation.Token);
        Assert.AreEqual((StopReason.Cancelled, 8L), (result.Reason, result.Steps));
        using var checkpoint = new MemoryStream();
        fit.Loop.Save(checkpoint);
        checkpoint.Position = 0;
        using var resumed = new Fit(threads: threads);
        resumed.Loop.Resume(checkpoint);
        Near.AssertSameBits(afterEight!, resumed.Weights, "weights after eight steps");
        Assert.AreEqual(15, resumed.Loop.Run().Steps);
        Near.AssertSameBits(Fit.Run(), resumed.Weights, "weights");
    }

    /// <summary>A cancelled step does no time step of a window that takes long: it takes a small part of the time.</summary>
    [TestMethod]
    public void ACancelledStepDoesNotGoThroughTheWindow()
    {
        var spec = new StackSpec(Features: 1, HiddenSize: 64, Layers: 2, Outputs: 1);
        using ManagedBackend backend = spec.Backend(20_000, 8, new MseLoss(), 1);
        backend.Initialize(1);
        var batch = new SequenceBatch(new BatchShape(20_000, 1, 1), 8);
        backend.ComputeGradients(batch, 1); // the memory is touched for the first time
        var watch = System.Diagnostics.Stopwatch.StartNew();
        BatchSums expected = backend.ComputeGradients(batch, 1);
        TimeSpan whole = watch.Elapsed;
        float[] gradients = backend.Parameters.Gradients.ToArray();
        backend.Cancellation = new CancellationToken(canceled: true);
        watch.Restart();
        Assert.ThrowsExactly<OperationCanceledException>(() => backend.ComputeGradients(batch, 1));
        Assert.IsLessThan(0.15, watch.Elapsed / whole);
        backend.Cancellation = default;
        Assert.AreEqual(expected, backend.ComputeGradients(batch, 1));
        Near.AssertSameBits(gradients, backend.Parameters.Gradients.ToArray(), "gradients");
    }

    [TestMethod]
    public void AnObserverEndsAFitBetweenTwoValidationBatches()
    {
        using var fit = new Fit();
        Assert.ThrowsExactly<OperationCanceledException>(() => fit.Loop.Run(new ValidationRecorder(() => throw new OperationCanceledException())));
        Assert.AreEqual(15, fit.Loop.Run().Steps);
        Near.AssertSameBits(Fit.Run(), fit.Weights, "weights");
    }

    private sealed class ValidationRecorder(Action onBatch) : IFitObserver
    {
        public void OnValidationBatch() => onBatch();
    }

    private sealed class SlowSource(ArraySource source, Action beforeBatch) : ISequenceSource
    {
        public BatchShape Shape => source.Shape;

        public int Count => source.Count;

        public void Fill(ReadOnlySpan<int> indices, SequenceBatch batch)
        {
            beforeBatch();
            source.Fill(indices, batch);
        }
    }

    [TestMethod]
    public void TheSameLoopGoesOnWhereItWas()
    {
        using var fit = new Fit();
        using var cancellation = new CancellationTokenSource();
        fit.Loop.Run(new StepRecorder(step =>
        {
            if (step.Step == 7) cancellation.Cancel();
        }), cancellation.Token);

        TrainingResult result = fit.Loop.Run();

        Assert.AreEqual(15, result.Steps);
        Near.AssertSameBits(Fit.Run(), fit.Weights, "weights");
    }
}
