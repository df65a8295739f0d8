using MlnetClip.Clipping;
using MlnetClip.Parameters;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Clipping;

/// <summary>AdaGC, step skipping and GradientStabilizer against their published formulas, written here once more in double.</summary>
[TestClass]
public sealed class RulesOf2025Tests
{
    private const int Steps = 400;

    [TestMethod]
    [DataRow("adagc:1.05,0.98", 1.05, 0.98, 100, 1)]
    [DataRow("adagc:1.5,0.7,warmup=7,max=3", 1.5, 0.7, 7, 3)]
    public void AdaGcIsAsInThePaper(string text, double limit, double decay, int warmUp, double max)
    {
        (ParameterSet parameters, Clipper clipper) = Create(text);
        double[] average = [.. parameters.Items.Select(_ => double.PositiveInfinity)];
        var random = new Random(1);
        for (int step = 0; step < Steps; step++)
        {
            double[] norms = Fill(parameters, random, step);
            double whole = Math.Sqrt(norms.Sum(n => n * n));
            for (int i = 0; i < norms.Length; i++)
            {
                if (step < warmUp)
                {
                    norms[i] *= Math.Min(1, max / whole);
                    average[i] = Math.Min(average[i], norms[i]);
                }
                else
                {
                    norms[i] *= Math.Min(1, limit * average[i] / norms[i]);
                    average[i] = (decay * average[i]) + ((1 - decay) * norms[i]);
                }
            }

            ClipReport report = clipper.Apply(new ClippingStep(step));
            Near.AssertAll(norms.Select(n => (float)n).ToArray(), Norms(parameters), 1e-5, $"{text}, step {step}");
            if (step < warmUp) Assert.AreEqual((float)max, (float)report.Threshold);
        }
    }

    [TestMethod]
    public void AdaGcDoesNotStopATensorWhoseFirstGradientsAreZero()
    {
        (ParameterSet parameters, Clipper clipper) = Create("adagc:1.05,0.98,warmup=5");
        for (int step = 0; step < 20; step++)
        {
            parameters.Gradients.Fill(0.01f);
            if (step < 10) parameters.GradientsOf(parameters.Items[0]).Clear();
            clipper.Apply(new ClippingStep(step));
        }

        Assert.AreEqual(0.01f, parameters.GradientsOf(parameters.Items[0])[0], 1e-6f);
    }

    [TestMethod]
    [DataRow("stabilize:0.7,0.9", 0.7f, 0.9f)]
    [DataRow("stabilize:0,0.5", 0f, 0.5f)]
    public void StabilizeIsAsInThePaper(string text, float decay, float squareDecay)
    {
        (ParameterSet parameters, Clipper clipper) = Create(text);
        var random = new Random(1);
        double mean = 0, square = 0;
        for (int step = 0; step < Steps; step++)
        {
            double[] norms = Fill(parameters, random, step);
            double norm = Math.Sqrt(norms.Sum(n => n * n));
            mean = (decay * mean) + ((1 - (double)decay) * norm);
            square = (squareDecay * square) + ((1 - (double)squareDecay) * norm * norm);
            double corrected = mean / (1 - Math.Pow(decay, step + 1)), correctedSquare = square / (1 - Math.Pow(squareDecay, step + 1));
            double target = corrected / (Math.Sqrt(correctedSquare) + 1e-8);

            ClipReport report = clipper.Apply(new ClippingStep(step));
            Near.AssertRelative(target, report.NormAfter, 1e-5, $"{text}, norm after step {step}");
            Near.AssertAll(norms.Select(n => (float)(n * target / norm)).ToArray(), Norms(parameters), 1e-5, $"{text}, step {step}");
        }
    }

    [TestMethod]
    [DataRow("skip-spike:6,window=128", 6, 128, true)]
    [DataRow("skip-spike:2,window=30", 2, 30, true)]
    [DataRow("skip-spike:2,window=30", 2, 30, false)]
    public void SkipSpikeSkipsWhatIsFarAboveTheLastSteps(string text, double deviations, int window, bool knowsLoss)
    {
        (ParameterSet parameters, Clipper clipper) = Create(text);
        var random = new Random(2);
        var past = new List<(double Norm, double Loss)>();
        int skipped = 0;
        for (int step = 0; step < Steps; step++)
        {
            double norm = Math.Sqrt(Fill(parameters, random, step).Sum(n => n * n)), loss = 1 + random.NextDouble() + (step % 97 == 96 ? 30 : 0);
            (double Norm, double Loss)[] last = [.. past.TakeLast(window)];
            bool spike = last.Length >= window / 2
                && (norm > Limit(last.Select(one => one.Norm), deviations) || (knowsLoss && loss > Limit(last.Select(one => one.Loss), deviations)));
            past.Add((norm, loss));

            ClipReport report = clipper.Apply(new ClippingStep(step) { Loss = knowsLoss ? loss : double.NaN });
            Assert.AreEqual(spike ? StepOutcome.Skipped : StepOutcome.Applied, report.Outcome, $"{text}, step {step}");
            Assert.IsFalse(report.Changed);
            if (spike) skipped++;
        }

        Assert.IsGreaterThan(3, skipped);
        Assert.IsLessThan(Steps / 5, skipped);
    }

    [TestMethod]
    public void ALossThatIsNotFiniteIsASpike()
    {
        (ParameterSet parameters, Clipper clipper) = Create("skip-spike:6,window=8");
        for (int step = 0; step < 20; step++)
        {
            parameters.Gradients.Fill(0.01f);
            double loss = step == 12 ? double.PositiveInfinity : 1;
            Assert.AreEqual(step == 12 ? StepOutcome.Skipped : StepOutcome.Applied, clipper.Apply(new ClippingStep(step) { Loss = loss }).Outcome, $"step {step}");
        }
    }

    [TestMethod]
    public void ALevelThatStaysIsAcceptedInTheEnd()
    {
        (ParameterSet parameters, Clipper clipper) = Create("skip-spike:6,window=16");
        var skipped = new List<int>();
        for (int step = 0; step < 60; step++)
        {
            parameters.Gradients.Fill(step < 30 ? 0.01f + (0.001f * (step % 3)) : 0.1f);
            if (!clipper.Apply(new ClippingStep(step)).TakesStep) skipped.Add(step);
        }

        Assert.AreEqual(30, skipped[0]);
        Assert.IsLessThan(35, skipped[^1]);
    }

    /// <summary>The loop hands its loss on: a batch of extreme targets is skipped although its gradient, clipped before, is like any other.</summary>
    [TestMethod]
    public void TheLoopPassesTheLossOn()
    {
        var seen = new List<double>();
        using var fit = new Training.Fit(Training.Fit.Options with { Clipping = GradientClipping.Of(new LossReader(seen)) });
        var recorder = new StepRecorder();
        fit.Loop.Run(recorder);
        CollectionAssert.AreEqual(recorder.Reports.Select(report => report.Loss).ToArray(), seen);
    }

    private sealed class LossReader(List<double> seen) : IClippingRule
    {
        public string Text => "loss-reader";

        public ClipReport Apply(GradientGroup gradients, in ClippingStep step, ClippingState? state)
        {
            seen.Add(step.Loss);
            return gradients.Report();
        }
    }

    private static double Limit(IEnumerable<double> figures, double deviations)
    {
        double[] all = [.. figures];
        double mean = all.Average();
        return mean + (deviations * Math.Sqrt(all.Sum(x => (x - mean) * (x - mean)) / (all.Length - 1)));
    }

    private static (ParameterSet Parameters, Clipper Clipper) Create(string text)
    {
        ParameterSet parameters = Gradients.Lstm();
        return (parameters, new Clipper(GradientClipping.Parse(text), NonFinitePolicy.Throw, parameters));
    }

    /// <summary>Gradients whose norms wander and spike, differently by tensor; returns the norm of each tensor.</summary>
    private static double[] Fill(ParameterSet parameters, Random random, int step)
    {
        var norms = new double[parameters.Items.Count];
        foreach (Parameter tensor in parameters.Items)
        {
            double size = 0.02 * (1 + tensor.Index) * (1 + (0.3 * Math.Sin(step / 9.0))) * (step % 50 == 49 ? 20 : 1);
            foreach (ref float g in parameters.GradientsOf(tensor)) g = (float)(size * (random.NextDouble() - 0.5));
            norms[tensor.Index] = Gradients.Norm(parameters.GradientsOf(tensor));
        }

        return norms;
    }

    private static float[] Norms(ParameterSet parameters) => [.. parameters.Items.Select(tensor => (float)Gradients.Norm(parameters.GradientsOf(tensor)))];
}
