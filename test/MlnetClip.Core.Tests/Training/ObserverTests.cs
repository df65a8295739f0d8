using MlnetClip.Data;
using MlnetClip.Optimizers;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Training;

/// <summary>What an observer gets, and what its exceptions do.</summary>
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
    public void AnExceptionNamesTheObserverAndKeepsTheCheckpoint()
    {
        using var folder = new TemporaryFolder();
        using var fit = new Fit(Fit.Options with { CheckpointPath = folder.File("fit.ckpt"), CheckpointInterval = CheckpointInterval.EveryEpochs(100) });
        var good = new StepRecorder();
        var bad = new StepRecorder(report =>
        {
            if (report.Step == 7) throw new TimeZoneNotFoundException("Where?");
        });

        FitObserverException error = Assert.ThrowsExactly<FitObserverException>(() => fit.Loop.Run(FitObservers.Of(good, null, FitObservers.Of(new Named(), bad))));

        Assert.AreEqual("The observer StepRecorder failed in OnStep at step 7: TimeZoneNotFoundException: Where?", error.Message);
        Assert.AreEqual("StepRecorder", error.Observer);
        Assert.HasCount(8, good.Reports);
        using var resumed = new Fit();
        using (FileStream file = File.OpenRead(folder.File("fit.ckpt"))) resumed.Loop.Resume(file);
        var rest = new StepRecorder();
        resumed.Loop.Run(rest);
        Assert.AreEqual(8, rest.Reports[0].Step);
        Near.AssertSameBits(Fit.Run(), resumed.Weights, "weights");
    }

    [TestMethod]
    [DataRow("OnEpoch after epoch 1")]
    [DataRow("OnValidationBatch")]
    [DataRow("OnFitEnded")]
    public void AnyCallMayFail(string call)
    {
        using var fit = new Fit();
        FitObserverException error = Assert.ThrowsExactly<FitObserverException>(() => fit.Loop.Run(new Named { FailsIn = call.Split(' ')[0] }));
        Assert.AreEqual($"The observer the named one failed in {call}: InvalidOperationException: no", error.Message);
    }

    [TestMethod]
    public void AnObserverMayRefuseTheFit()
    {
        using var fit = new Fit();
        Assert.ThrowsExactly<InvalidOperationException>(() => fit.Loop.Run(new Named { FailsIn = "OnFitBegun" }));
        Near.AssertSameBits(Fit.Run(), RunAgain(fit), "weights");

        static float[] RunAgain(Fit fit)
        {
            fit.Loop.Run();
            return fit.Weights;
        }
    }

    [TestMethod]
    public void TheFitIsDescribedAndItsEndReported()
    {
        using var fit = new Fit();
        var observer = new Named();
        TrainingResult result = fit.Loop.Run(observer);
        Assert.AreEqual(Fit.StepsPerEpoch, observer.Begun!.StepsPerEpoch);
        Assert.AreEqual(3, observer.Begun.Epochs);
        Assert.AreEqual($"{Fit.Options.Optimizer}", observer.Begun.Options["Optimizer"]);
        Assert.IsNull(observer.Begun.Resumed);
        Assert.AreSame(result, observer.Ended);
        Assert.IsNull(FitObservers.Of(null, null));
    }

    [TestMethod]
    public void TimeStepsAreMeasuredWhereAnObserverAsks()
    {
        using var fit = new Fit();
        using var measured = new Fit(Fit.Options with { MeasureTimeSteps = true });
        var seen = new List<(long Step, int Length)>();
        TimeSpan longest = default;
        StepReport last = default;
        TrainingResult result = fit.Loop.Run(new Asking(report =>
        {
            if (report.TimeStepNorms.Length > 0) seen.Add((report.Step, report.TimeStepNorms.Length));
            if (report.Duration > longest) longest = report.Duration;
            if (report.Step == 8) last = report;
        }));

        CollectionAssert.AreEqual(new[] { 0L, 8L }, seen.Select(one => one.Step).ToArray());
        Assert.IsTrue(seen.All(one => one.Length == result.Clipping.TimeStepNorms.Count));
        CollectionAssert.AreEqual(measured.Loop.Run().Clipping.TimeStepNorms.ToArray(), result.Clipping.TimeStepNorms.ToArray());
        Assert.IsGreaterThan(TimeSpan.Zero, longest);
        Assert.Contains("no longer available", Assert.Throws<InvalidOperationException>(() => _ = last.TimeStepNorms.Length).Message);
        Near.AssertSameBits(Fit.Run(), fit.Weights, "weights");
    }

    [TestMethod]
    public void AVerdictIsReportedOnceWhenItTurns()
    {
        var seen = new List<ClippingConclusion>();
        TrainingOptions options = Fit.Options with { Epochs = 30, Clipping = GradientClipping.ByGlobalNorm(1e-5) };
        using var fit = new Fit(options);
        fit.Loop.Run(new Verdicts(seen), CancellationToken.None);
        CollectionAssert.AreEqual(new[] { ClippingConclusion.MostStepsClipped }, seen);

        // What a fit concluded before its checkpoint is not reported again.
        using var resumed = new Fit(options);
        using var stream = new MemoryStream();
        fit.Loop.Save(stream);
        stream.Position = 0;
        resumed.Loop.Resume(stream);
        resumed.Loop.Run(new Verdicts(seen));
        Assert.HasCount(1, seen);

        // 15 steps are too few.
        using var few = new Fit(options with { Epochs = 3 });
        few.Loop.Run(new Verdicts(seen));
        Assert.HasCount(1, seen);
    }

    [TestMethod]
    public void AVanishingGradientIsReportedInTheSecondHalfOnly()
    {
        var summary = new ClippingSummary { Clipping = "norm:1", Policy = "throw", Steps = 500, FiniteSteps = 500, TimeStepNorms = [1e-9, 1e-9, 1e-9, 1] };
        var watch = new VerdictWatch(GradientClipping.ByGlobalNorm(1), epochs: 10);
        Assert.IsFalse(watch.Next(summary, epoch: 4).Any(verdict => verdict.Conclusion == ClippingConclusion.VanishingGradient));
        Assert.IsTrue(watch.Next(summary, epoch: 5).Any(verdict => verdict.Conclusion == ClippingConclusion.VanishingGradient));
        Assert.IsEmpty(watch.Next(summary, epoch: 6));
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

    private sealed class Named : IFitObserver
    {
        public string? FailsIn { get; init; }

        public FitDescription? Begun { get; private set; }

        public TrainingResult? Ended { get; private set; }

        string IFitObserver.Name => "the named one";

        public void OnFitBegun(FitDescription fit)
        {
            Begun = fit;
            Fail(nameof(OnFitBegun));
        }

        public void OnValidationBatch() => Fail(nameof(OnValidationBatch));

        public void OnEpoch(EpochReport report) => Fail(nameof(OnEpoch));

        public void OnFitEnded(TrainingResult result)
        {
            Ended = result;
            Fail(nameof(OnFitEnded));
        }

        private void Fail(string call)
        {
            if (FailsIn == call) throw new InvalidOperationException("no");
        }
    }

    private sealed class Asking(Action<StepReport> onStep) : IFitObserver
    {
        public FitMeasures Measures => FitMeasures.TimeSteps;

        public void OnStep(in StepReport report) => onStep(report);
    }

    private sealed class Verdicts(List<ClippingConclusion> seen) : IFitObserver
    {
        public void OnVerdict(ClippingVerdict verdict) => seen.Add(verdict.Conclusion);
    }

    private sealed class AllocationObserver : IFitObserver
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
