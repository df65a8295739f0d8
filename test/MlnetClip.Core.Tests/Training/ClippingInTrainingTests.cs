using MlnetClip.Clipping;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Training;

/// <summary>Clipping as a fit uses it: what reaches the backend, what an observer may ask, what a resumed fit remembers.</summary>
[TestClass]
public sealed class ClippingInTrainingTests
{
    [TestMethod]
    public void WhatActsInsideTheBackwardPassReachesTheBackend()
    {
        float[] free = Fit.Run(Fit.Options with { Clipping = GradientClipping.None });
        foreach (string text in (string[])["truncate:2", "inside:0.0005", "inside-norm:0.002"])
        {
            using var fit = new Fit(Fit.Options with { Clipping = GradientClipping.Parse(text) });
            TrainingResult result = fit.Loop.Run();
            Assert.AreEqual(text, result.Clipping.Clipping);
            Assert.HasCount(1, result.Clipping.BackpropClipping);
            Assert.IsGreaterThan(1e-4, Near.NormError(Near.Doubles(free), Near.Doubles(fit.Weights)), text);
        }

        CollectionAssert.AreEqual(free, Fit.Run(Fit.Options with { Clipping = GradientClipping.Parse("truncate:6") }));
    }

    [TestMethod]
    [DataRow("inside:1e9", 0)]
    [DataRow("inside-norm:1e9", 0)]
    [DataRow("truncate:3", 0)]
    [DataRow("inside:0.0005", 15)]
    [DataRow("inside-norm:0.002", 15)]
    [DataRow("inside:1e9..0.0005/1steps", 14)]
    [DataRow("inside-norm:1e-6..1e9/2epochs/cosine", 5)] // half the way is 5e8 already
    public void TheShareLimitedInsideTheBackwardPassIsReported(string text, int steps)
    {
        using var fit = new Fit(Fit.Options with { Clipping = GradientClipping.Parse(text) });
        var shares = new List<double>();
        ClippingSummary summary = fit.Loop.Run(new StepRecorder(report => shares.Add(report.Clip.ShareLimitedInside))).Clipping;
        Assert.HasCount(15, shares);
        Assert.AreEqual(steps, shares.Count(s => s > 0), string.Join(", ", shares));
        Assert.IsTrue(shares.All(s => s is >= 0 and < 1));
        for (int i = 0; i < 15; i++)
        {
            double passes = (i % 5 == 4 ? 3 : 5) * 5 * 2; // sequences of the batch, steps that pass something on, layers
            Assert.AreEqual(Math.Round(shares[i] * passes), shares[i] * passes, 1e-9);
        }

        Assert.AreEqual(shares.Average(), summary.ShareLimitedInside, 1e-12);
    }

    [TestMethod]
    public void WhatIsLimitedInsideIsTheSameOnOneAndTwoThreads()
    {
        TrainingOptions options = Fit.Options with { Clipping = GradientClipping.Parse("inside-norm:0.002") };
        using Fit one = new(options, threads: 1), two = new(options, threads: 2);
        ClippingSummary expected = one.Loop.Run().Clipping;
        Assert.AreSequenceEqual(["lstm"], expected.Cells);
        Assert.IsTrue(expected.ShareLimitedInside is > 0.01 and < 0.99, $"{expected.ShareLimitedInside}");
        Assert.AreEqual(expected, two.Loop.Run().Clipping);
    }

    [TestMethod]
    public void TimeStepsAreMeasuredOnlyWhereAskedFor()
    {
        using var without = new Fit();
        Assert.IsEmpty(without.Loop.Run().Clipping.TimeStepNorms);

        using var with = new Fit(Fit.Options with { MeasureTimeSteps = true });
        double[] expected = new double[6], step = new double[6];
        ClippingSummary summary = with.Loop.Run(new StepRecorder(report =>
        {
            if (report.Step % 8 != 0) return;
            with.Backend.TimeStepNorms(step);
            for (int t = 0; t < 6; t++) expected[t] += step[t] / 2; // steps 0 and 8 of 15
        })).Clipping;
        Near.AssertAll(expected, [.. summary.TimeStepNorms], 1e-12, "norms by time step");
        Assert.HasCount(6, summary.TimeStepNorms);
        Assert.IsTrue(summary.TimeStepNorms.All(n => n > 0));
        Assert.IsGreaterThan(summary.TimeStepNorms[0], summary.TimeStepNorms[5]);
        CollectionAssert.AreEqual(without.Weights, with.Weights);
    }

    [TestMethod]
    public void AnObserverMayAskForNormsByPart()
    {
        using var fit = new Fit();
        int asked = 0;
        fit.Loop.Run(new StepRecorder(report =>
        {
            foreach (ClippingScope scope in Enum.GetValues<ClippingScope>())
            {
                IReadOnlyList<GradientNorm> norms = report.Norms(scope);
                Near.AssertRelative(report.Clip.NormBefore, Math.Sqrt(norms.Sum(n => n.Before * n.Before)), 1e-12, $"{scope}, before");
                Near.AssertRelative(report.Clip.NormAfter, Math.Sqrt(norms.Sum(n => n.After * n.After)), 1e-12, $"{scope}, after");
                asked++;
            }
        }));
        Assert.AreEqual(4 * 15, asked);
        Assert.IsEmpty(default(StepReport).Norms(ClippingScope.Layer));
    }

    [TestMethod]
    public void NormsByPartAreGoneWithTheNextStep()
    {
        using var fit = new Fit();
        StepReport? first = null;
        var errors = new List<string>();
        fit.Loop.Run(new StepRecorder(report =>
        {
            if (first is { } earlier) errors.Add(Assert.ThrowsExactly<InvalidOperationException>(() => earlier.Norms(ClippingScope.Layer)).Message);
            first ??= report;
        }));
        Assert.HasCount(14, errors);
        Assert.StartsWith("The norms of step 0 are no longer available", errors[0]);
    }

    [TestMethod]
    [DataRow("norm:2xmean/10000steps", "norm:2xmean/10000steps")]
    [DataRow("norm:2xmean/15steps", "norm:2xmean/15steps")]
    [DataRow("zclip:2.5", "zclip:2.5")]
    [DataRow("norm-gate:2xmean/20steps@recurrent+zclip:2", "norm-gate:2xmean/20steps@recurrent|zclip:2")]
    public void ARuleThatWasStillMeasuringWasNeverInForce(string clipping, string rules)
    {
        using var fit = new Fit(Fit.Options with { Clipping = GradientClipping.Parse(clipping) });
        ClippingVerdict verdict = fit.Loop.Run().Clipping.Verdicts[0];
        Assert.AreEqual(ClippingConclusion.NeverInForce, verdict.Conclusion);
        CollectionAssert.AreEqual(rules.Split('|'), verdict.RulesNeverInForce.ToArray());
        Assert.Contains("still measuring when the fit ended after 15 steps, so", verdict.ToString());
        Assert.DoesNotContain("reached the threshold", verdict.ToString());
    }

    [TestMethod]
    public void ARuleIsInForceFromItsFirstThresholdOn()
    {
        using var fit = new Fit(Fit.Options with { Clipping = GradientClipping.Parse("norm:1e9xmean/14steps+norm:2xmean/15steps") });
        ClippingSummary summary = fit.Loop.Run().Clipping;
        CollectionAssert.AreEqual(new long[] { 1, 0 }, summary.StepsInForce.ToArray());
        Assert.AreEqual(ClippingConclusion.NeverClipped, summary.Verdicts[0].Conclusion);
        Assert.Contains("'norm:2xmean/15steps' was still measuring", summary.Verdicts[0].ToString());
    }

    [TestMethod]
    public void WhereEpsilonOutweighsTheClippedGradientTheWeightsHardlyMove()
    {
        using var fit = new Fit(Fit.Options with { Clipping = GradientClipping.Parse("norm:1e-30") });
        float[] before = fit.Weights;
        ClippingVerdict verdict = fit.Loop.Run().Clipping.Verdicts[0];
        Assert.IsLessThan(1e-6, before.Zip(fit.Weights).Max(w => Math.Abs(w.First - w.Second)));
        Assert.AreEqual(ClippingConclusion.UpdatesVanish, verdict.Conclusion);
        Assert.Contains("the weights hardly move", verdict.ToString());
        Assert.DoesNotContain("cancels out", verdict.ToString());
    }

    [TestMethod]
    public void SkippedSpikesAreShownBesideClippedSteps()
    {
        using var fit = new Fit(Fit.Options with { Clipping = GradientClipping.Parse("zclip:0.0001,warmup=2,skip=true") });
        var steps = new StepRecorder();
        TrainingResult result = fit.Loop.Run(steps);
        Assert.IsGreaterThan(0, result.Clipping.RefusedSteps);
        Assert.AreEqual(result.Clipping.RefusedSteps, result.History.Sum(epoch => epoch.RefusedSteps));
        Assert.AreEqual(steps.Reports.Count(s => !s.Clip.TakesStep), result.Clipping.SkippedSteps);
        Assert.AreEqual(result.Clipping.SkippedSteps / 15.0, result.Clipping.ShareSkipped);
        Assert.Contains("% skipped as spikes", result.Clipping.Verdicts[0].ToString());
    }

    [TestMethod]
    [DataRow("autoclip:30,history=6")]
    [DataRow("zclip:0.5,warmup=3,alpha=0.7")]
    [DataRow("zclip:0.01,warmup=11")]
    [DataRow("norm-tensor:0.5xmean/7steps")]
    [DataRow("norm-layer:0.5xmean/11steps")]
    [DataRow("norm:2..0.05/12steps+value:0.1@recurrent")]
    [DataRow("value:0.5xmean/7steps")]
    [DataRow("inside:0.01..0.0001/12steps+norm:0.3")]
    public void AResumedFitClipsAsIfItHadNeverStopped(string clipping)
    {
        TrainingOptions options = Fit.Options with { Clipping = GradientClipping.Parse(clipping), MeasureTimeSteps = true };
        using var whole = new Fit(options);
        TrainingResult expected = whole.Loop.Run();

        using var first = new Fit(options);
        using var stop = new CancellationTokenSource();
        first.Loop.Run(new StepRecorder(report =>
        {
            if (report.Step == 8) stop.Cancel();
        }), stop.Token);
        using var checkpoint = new MemoryStream();
        first.Loop.Save(checkpoint);
        checkpoint.Position = 0;

        using var resumed = new Fit(options, initialSeed: 99);
        resumed.Loop.Resume(checkpoint);
        TrainingResult actual = resumed.Loop.Run();

        CollectionAssert.AreEqual(whole.Weights, resumed.Weights);
        Assert.AreEqual(expected.Clipping, actual.Clipping);
        Assert.IsGreaterThan(0, expected.Clipping.ClippedSteps);
    }
}
