using MlnetClip.Data;
using MlnetClip.Optimizers;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Training;

/// <summary>What an observer is told, and that it tells what happened.</summary>
[TestClass]
public sealed class ObserverTests
{
    [TestMethod]
    public void SeesEveryStepAndEpochInOrder()
    {
        using var fit = new Fit();
        var calls = new List<string>();
        var observer = new StepRecorder(s => calls.Add($"step {s.Step} {s.Epoch}.{s.Batch}"), e => calls.Add($"epoch {e.Epoch}"));

        TrainingResult result = fit.Loop.Run(observer);

        string[] expected = [.. Enumerable.Range(1, 3).SelectMany(e =>
            Enumerable.Range(0, Fit.StepsPerEpoch).Select(b => $"step {((e - 1) * Fit.StepsPerEpoch) + b} {e}.{b}").Append($"epoch {e}"))];
        CollectionAssert.AreEqual(expected, calls);
        CollectionAssert.AreEqual(observer.Epochs, result.History.ToArray());
        Assert.AreEqual(15, result.Steps);
        Assert.AreEqual(3, result.EpochsRun);
        Assert.AreEqual(StopReason.Completed, result.Reason);
    }

    [TestMethod]
    [DataRow("constant")]
    [DataRow("cosine")]
    public void EpochFiguresFollowFromItsSteps(string schedule)
    {
        using var fit = new Fit(Fit.Options with { Schedule = Schedule.Parse(schedule) });
        var observer = new StepRecorder();

        TrainingResult result = fit.Loop.Run(observer);

        foreach (EpochReport epoch in observer.Epochs)
        {
            StepReport[] steps = [.. observer.Reports.Where(s => s.Epoch == epoch.Epoch)];
            double[] norms = [.. steps.Select(s => s.Clip.NormBefore).Order()];

            // 23 sequences in batches of five, the last of three.
            double loss = (steps.Take(4).Sum(s => s.Loss * 5) + (steps[4].Loss * 3)) / 23;
            Near.AssertRelative(loss, epoch.TrainLoss, 1e-12, "train loss");
            Assert.AreEqual(norms[2], epoch.NormMedian);
            Assert.AreEqual(norms[4], epoch.NormMaximum);
            Assert.AreEqual(steps.Count(s => s.Clip.Changed) / 5.0, epoch.ShareClipped);
            Assert.AreEqual(steps[4].LearningRate, epoch.LearningRate);
        }

        Assert.IsGreaterThan(0, result.Clipping.ClippedSteps);
        Assert.IsLessThan(15, result.Clipping.ClippedSteps);
        Assert.AreEqual(observer.Reports.Count(s => s.Clip.Changed), result.Clipping.ClippedSteps);
        Assert.AreEqual(observer.Reports.Max(s => s.Clip.NormBefore), result.Clipping.NormMax);
    }

    [TestMethod]
    public void ABatchOfMissingTargetsCountsByThoseThatAreObserved()
    {
        var spec = new StackSpec(1, 4, 1, 2);
        float[] weights = [1, 1, 1, 1, 0, 1, 0, 0];
        var source = new ArraySource(1, 1, 2, [1, 2, 3, 4], [5, 5, 5, 5, 9, 9, 9, 9], weights);
        using ManagedBackend backend = spec.Backend(1, 4, new MseLoss());
        backend.Initialize(1);
        var whole = new SequenceBatch(source.Shape, 4);
        source.Fill([0, 1, 2, 3], whole);
        double expected = backend.ComputeLoss(whole).Mean;
        var observer = new StepRecorder();
        new TrainingLoop(backend, new TrainingOptions { Epochs = 1, BatchSize = 2, LearningRate = 1e-30f, Shuffle = false }, source).Run(observer);
        Near.AssertRelative(expected, observer.Epochs[0].TrainLoss, 1e-6, "train loss");
    }

    [TestMethod]
    public void ValidationLossIsTheMeanOverAllItsTargetsWithTheWeightsAfterTheEpoch()
    {
        // The gradient of a scripted backend takes the first weight down by 1 a step; 70 sequences make several batches.
        ArraySource train = ArraySource.Learnable(4, 2, 1, 1, seed: 1), validation = ArraySource.Learnable(70, 2, 1, 1, seed: 2);
        using var backend = new ScriptedBackend(_ => [1, 1, 1, 1], 3, 5, 7, 9, 11);

        TrainingResult result = new TrainingLoop(
            backend, new TrainingOptions { Epochs = 1, BatchSize = 16, Optimizer = Optimizer.Sgd() }, train, validation).Run();

        // Five batches of up to 16; each scripted sum stands beside a weight of 1.
        Assert.AreEqual((3 + 5 + 7 + 9 + 11) / 5.0, result.History[0].ValidationLoss);
    }

    [TestMethod]
    public void TheLearningRateFollowsTheSchedule()
    {
        using var fit = new Fit(Fit.Options with { LearningRate = 0.5f, Schedule = Schedule.Parse("cosine:warmup=2") });
        var observer = new StepRecorder();

        fit.Loop.Run(observer);

        for (int step = 0; step < 15; step++)
        {
            double expected = 0.5 * 0.5 * (1 + Math.Cos(Math.PI * step / 15)) * (step == 0 ? 0.5 : 1);
            Near.AssertRelative(expected, observer.Reports[step].LearningRate, 1e-6, $"learning rate of step {step}");
        }
    }

    [TestMethod]
    public void WhatItThrowsEndsTheFit()
    {
        using var fit = new Fit();
        var observer = new StepRecorder(report =>
        {
            if (report.Step == 7) throw new OperationCanceledException("enough");
        });

        Assert.Throws<OperationCanceledException>(() => fit.Loop.Run(observer));

        Assert.HasCount(8, observer.Reports);
    }

    [TestMethod]
    public void AStepAllocatesNothing()
    {
        Assert.AreEqual(0, Allocation.Least(() =>
        {
            using var fit = new Fit();
            var observer = new AllocationObserver();
            fit.Loop.Run(observer);

            // The steps of an epoch but its first, from the second epoch on.
            Assert.AreEqual(8, observer.Steps);
            return observer.Bytes;
        }));
    }

    private sealed class AllocationObserver : ITrainingObserver
    {
        private long _before;

        public long Bytes { get; private set; }

        public int Steps { get; private set; }

        public void OnStep(in StepReport report)
        {
            long now = GC.GetAllocatedBytesForCurrentThread();
            if (report.Epoch > 1 && report.Batch > 0)
            {
                Bytes += now - _before;
                Steps++;
            }

            _before = GC.GetAllocatedBytesForCurrentThread();
        }
    }
}
