using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Training;

/// <summary>The trace of a fit: every step by itself while there are few, and spans that keep every extreme when there are many.</summary>
[TestClass]
public sealed class TraceTests
{
    [TestMethod]
    public void AShortFitHasEveryStep()
    {
        using var fit = new Fit();
        var recorder = new StepRecorder();

        TrainingTrace trace = fit.Loop.Run(recorder).Trace!;

        Assert.AreEqual((15L, 1L, 15), (trace.Steps, trace.StepsPerSpan, trace.Spans.Count));
        for (int i = 0; i < 15; i++)
        {
            StepReport step = recorder.Reports[i];
            StepSpan span = trace.Spans[i];
            Assert.AreEqual((i, 1L, 1L), (span.FirstStep, span.Steps, span.FiniteSteps));
            Assert.AreEqual(step.Loss, span.Loss.Mean);
            Assert.AreEqual(step.Clip.NormBefore, span.NormBefore.Largest);
            Assert.AreEqual(step.Clip.NormAfter, span.NormAfter.Smallest);
            Assert.AreEqual(0.3f, span.Threshold.Mean);
            Assert.AreEqual(step.LearningRate, span.LearningRate.Mean);
            Assert.AreEqual(step.Clip.Changed ? 1 : 0, span.ClippedSteps);
        }
    }

    [TestMethod]
    public void ThePartsAreTheGatesOfEachLayerAndTheirNormsMakeUpTheWhole()
    {
        using var fit = new Fit();

        TrainingTrace trace = fit.Loop.Run().Trace!;

        Assert.AreSequenceEqual(
            ["layer 0, gate i", "layer 0, gate f", "layer 0, gate g", "layer 0, gate o", "layer 1, gate i", "layer 1, gate f", "layer 1, gate g", "layer 1, gate o", "head"],
            trace.Parts.Select(part => part.ToString()).ToArray());
        foreach (StepSpan span in trace.Spans)
            Assert.AreEqual(span.NormBefore.Mean, Math.Sqrt(span.PartNorms.Sum(norm => norm * norm)), 1e-12 * span.NormBefore.Mean);
    }

    [TestMethod]
    [DataRow(1024, 1, 1024)]
    [DataRow(1025, 2, 513)]
    [DataRow(100_000, 128, 782)]
    public void AnyNumberOfStepsTakesABoundedNumberOfSpans(int steps, int perSpan, int spans)
    {
        TrainingTrace trace = Recorded(steps).ToTrace(new NormHistogram([], [], 0));

        Assert.AreEqual((steps, perSpan, spans), ((int)trace.Steps, (int)trace.StepsPerSpan, trace.Spans.Count));
        long next = 0;
        foreach (StepSpan span in trace.Spans)
        {
            Assert.AreEqual(next, span.FirstStep);
            next += span.Steps;
        }
    }

    [TestMethod]
    public void NoSpikeIsLost()
    {
        TrainingTrace trace = Recorded(100_000, spike: 77_777, norm: 1e6).ToTrace(new NormHistogram([], [], 0));

        StepSpan found = trace.Spans.Single(span => span.NormBefore.Largest == 1e6);

        Assert.IsTrue(found.FirstStep <= 77_777 && 77_777 < found.FirstStep + found.Steps);
        Assert.AreEqual(1, found.NormBefore.Smallest);
        Assert.AreEqual((1e6 + found.Steps - 1) / found.Steps, found.NormBefore.Mean, 1e-9 * 1e6);
    }

    [TestMethod]
    public void NonFiniteStepsAreCountedAndChangeNoFigure()
    {
        var recorder = Empty();
        recorder.Add(Step(0, 1));
        recorder.Add(new StepReport(1, 1, 1, double.NaN, 0.1f, new ClipReport { NormBefore = double.NaN, FirstBadParameter = 0, Outcome = StepOutcome.Skipped }));
        recorder.Add(new StepReport(2, 1, 2, 0.5, 0.1f, new ClipReport { NormBefore = 9, Outcome = StepOutcome.Skipped, Changed = true }));

        TrainingTrace trace = recorder.ToTrace(new NormHistogram([], [], 0));

        Assert.AreSequenceEqual([0L, 1, 0], trace.Spans.Select(span => span.NonFiniteSteps).ToArray());
        Assert.AreSequenceEqual([0L, 0, 1], trace.Spans.Select(span => span.RefusedSteps).ToArray());
        Assert.IsFalse(trace.Spans[1].Loss.HasValue || trace.Spans[1].NormBefore.HasValue || trace.Spans[2].NormAfter.HasValue);
    }

    [TestMethod]
    [DataRow(1000)]
    [DataRow(100_000)]
    public void TheHistogramCountsEveryNorm(int count)
    {
        var norms = new MlnetClip.Clipping.NormQuantiles();
        norms.Add(0);
        for (int i = 0; i < count; i++) norms.Add(Math.Pow(10, (i % 400) / 100.0)); // uniform on a logarithmic axis from 1 to 10^3.99

        NormHistogram histogram = norms.Histogram(40);

        Assert.AreEqual((1L, count, 41), (histogram.Zeros, (int)histogram.Counts.Sum(), histogram.Edges.Count));
        Assert.AreEqual(1, histogram.Edges[0], 0.004);
        Assert.AreEqual(Math.Pow(10, 3.99), histogram.Edges[40], 0.004 * 1e4);
        foreach (long bin in histogram.Counts) Assert.AreEqual(count / 40.0, bin, 0.2 * count / 40);
    }

    [TestMethod]
    public void QuantilesAskedForAtAnyTimeAreThoseOfAllNormsSoFar()
    {
        var random = new Random(1);
        var norms = new MlnetClip.Clipping.NormQuantiles();
        var all = new List<double>();
        for (int round = 0; round < 60; round++)
        {
            if (round == 40)
            {
                norms.Clear();
                all.Clear();
            }

            for (int i = random.Next(30); i > 0; i--)
            {
                double norm = random.Next(20);
                norms.Add(norm);
                all.Add(norm);
            }

            if (all.Count == 0) continue;
            double[] sorted = [.. all.Order()];
            Assert.AreSequenceEqual([sorted[0], MlnetClip.Kernels.SortedQuantile.Of(sorted, 0.3), sorted[^1]], norms.At(0, 0.3, 1));
        }
    }

    [TestMethod]
    public void EqualNormsAreOneBinAndNoNormsAreNone()
    {
        var norms = new MlnetClip.Clipping.NormQuantiles();
        Assert.IsEmpty(norms.Histogram(40).Counts);
        norms.Add(3);
        norms.Add(3);

        Assert.AreEqual(new NormHistogram([3, 3], [2], 0), norms.Histogram(40));
    }

    [TestMethod]
    public void AResumedFitHasTheStepsBeforeToo()
    {
        using var whole = new Fit();
        TrainingTrace expected = whole.Loop.Run().Trace!;
        using var stopped = new Fit();
        using var stop = new CancellationTokenSource();
        stopped.Loop.Run(new StepRecorder(step =>
        {
            if (step.Step == 6) stop.Cancel();
        }), stop.Token);
        using var file = new MemoryStream();
        stopped.Loop.Save(file);
        file.Position = 0;
        using var resumed = new Fit();
        resumed.Loop.Resume(file);

        TrainingTrace actual = resumed.Loop.Run().Trace!;

        Assert.AreEqual(expected, actual);
    }

    [TestMethod]
    public void RecordingAllocatesNothing()
    {
        TraceRecorder recorder = Recorded(1020);
        StepReport step = Step(0, 1);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 5000; i++) recorder.Add(step);

        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static TraceRecorder Recorded(int steps, int spike = -1, double norm = 1)
    {
        TraceRecorder recorder = Empty();
        for (int i = 0; i < steps; i++) recorder.Add(Step(i, i == spike ? norm : 1));
        return recorder;
    }

    private static TraceRecorder Empty()
    {
        using var fit = new Fit();
        return new TraceRecorder(new TraceParts(new GradientGroup(new Gradients.GradientStore(fit.Backend.Parameters), [0])));
    }

    private static StepReport Step(int step, double norm) => new(step, 1, step, 0.5, 0.1f, new ClipReport { NormBefore = norm, NormAfter = 1, Threshold = 1, Changed = norm > 1 });
}
