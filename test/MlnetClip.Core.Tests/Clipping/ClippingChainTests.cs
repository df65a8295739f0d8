using System.Text.Json;
using MlnetClip.Clipping;
using MlnetClip.Parameters;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Clipping;

/// <summary>The chain: order, reports by part, units, state files.</summary>
[TestClass]
public sealed class ClippingChainTests
{
    [TestMethod]
    public void RulesActInTheirOrder()
    {
        ParameterSet byValueFirst = Gradients.Lstm(), byNormFirst = Gradients.Lstm();
        Gradients.Fill(byValueFirst, 1, 10);
        Gradients.Fill(byNormFirst, 1, 10);
        ClipReport first = new Clipper(GradientClipping.Parse("value:0.05+norm:1"), NonFinitePolicy.Throw, byValueFirst).Apply(new ClippingStep(0));
        ClipReport second = new Clipper(GradientClipping.Parse("norm:1+value:0.05"), NonFinitePolicy.Throw, byNormFirst).Apply(new ClippingStep(0));
        Assert.AreEqual(1, first.NormAfter, 1e-6);
        Assert.IsTrue(second.NormAfter < 0.999);
        Assert.IsTrue(first.ElementsClamped > second.ElementsClamped, $"{first.ElementsClamped}, {second.ElementsClamped}");
        Assert.AreEqual(1, first.Rule);
        Assert.AreEqual(1, second.Rule);
    }

    [TestMethod]
    public void TheRuleThatActedIsNamedWithItsThreshold()
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(GradientClipping.Parse("value:100+norm:2+norm:50"), NonFinitePolicy.Throw, parameters);
        Gradients.Fill(parameters, 1, 10);
        ClipReport report = chain.Apply(new ClippingStep(5));
        Assert.AreEqual((5L, 1, 2.0, true), (report.Step, report.Rule, report.Threshold, report.Changed));
        Gradients.Fill(parameters, 1, 1);
        report = chain.Apply(new ClippingStep(6));
        Assert.AreEqual((-1, 100.0, false), (report.Rule, report.Threshold, report.Changed));
        Assert.AreEqual(0, report.ElementsClamped);
    }

    [TestMethod]
    public void WithoutRulesTheNormIsMeasured()
    {
        ParameterSet parameters = Gradients.Lstm();
        Gradients.Fill(parameters, 1, 10);
        ClipReport report = new Clipper(GradientClipping.None, NonFinitePolicy.Throw, parameters).Apply(new ClippingStep(0));
        Near.AssertRelative(10, report.NormBefore, 1e-7, "norm");
        Assert.AreEqual(report.NormBefore, report.NormAfter);
        Assert.IsTrue(double.IsNaN(report.Threshold));
        Assert.IsFalse(report.Changed);
    }

    [TestMethod]
    [DataRow(ClippingScope.Global, 1)]
    [DataRow(ClippingScope.Layer, 3)]
    [DataRow(ClippingScope.Tensor, 10)]
    [DataRow(ClippingScope.Gate, 34)]
    public void NormsByPartAddUpToTheWhole(ClippingScope scope, int parts)
    {
        ParameterSet parameters = Gradients.Lstm();
        Gradients.Fill(parameters, 1, 10);
        var chain = new Clipper(GradientClipping.Parse("value:0.3+norm:2"), NonFinitePolicy.Throw, parameters, deferScale: true);
        ClipReport report = chain.Apply(new ClippingStep(0));
        IReadOnlyList<GradientNorm> norms = chain.Norms(scope);
        Assert.HasCount(parts, norms);
        Assert.AreEqual(parts, norms.Select(n => n.Name).Distinct().Count());
        Near.AssertRelative(report.NormBefore, Math.Sqrt(norms.Sum(n => n.Before * n.Before)), 1e-12, "before");
        Near.AssertRelative(report.NormAfter, Math.Sqrt(norms.Sum(n => n.After * n.After)), 1e-12, "after");
    }

    [TestMethod]
    public void NormsByPartAreThoseOfThePart()
    {
        ParameterSet parameters = Gradients.Lstm();
        Gradients.Fill(parameters, 1, 10);
        var chain = new Clipper(GradientClipping.None, NonFinitePolicy.Throw, parameters);
        chain.Apply(new ClippingStep(0));
        double Tensor(string name) => chain.Norms(ClippingScope.Tensor).Single(n => n.Name == name).Before;
        Near.AssertRelative(Gradients.Norm(parameters.GradientsOf(parameters["lstm.weight_hh_l0"])), Tensor("lstm.weight_hh_l0"), 1e-12, "tensor");
        double gate = chain.Norms(ClippingScope.Gate).Single(n => n.Name == "lstm.weight_hh_l0, gate g").Before;
        Near.AssertRelative(Gradients.Norm(parameters.GradientsOf(parameters["lstm.weight_hh_l0"]).Slice(50, 25)), gate, 1e-12, "gate");
        double head = chain.Norms(ClippingScope.Layer).Single(n => n.Name == "head").Before;
        Near.AssertRelative(double.Hypot(Tensor("head.weight"), Tensor("head.bias")), head, 1e-12, "head");
    }

    [TestMethod]
    [DataRow("norm:6,units=sum-over-steps", 0.5)]
    [DataRow("norm:6,units=sum-over-batch", 2.0)]
    [DataRow("norm:6,units=per-sample", 6.0)]
    [DataRow("norm:6", 6.0)]
    [DataRow("value:0.6,units=sum-over-steps", 0.05)]
    [DataRow("value:-0.6,0.6,units=sum-over-batch", 0.2)]
    public void UnitsConvertToTheMeanLossWithTheStepsSizes(string text, double threshold)
    {
        ParameterSet parameters = Gradients.Lstm();
        Gradients.Fill(parameters, 1, 10);
        var chain = new Clipper(GradientClipping.Parse(text), NonFinitePolicy.Throw, parameters);
        ClipReport report = chain.Apply(new ClippingStep(0, BatchSize: 3, TimeSteps: 50, LossTerms: 12));
        Assert.AreEqual(threshold, report.Threshold, 1e-7);
        if (text.StartsWith("norm", StringComparison.Ordinal)) Assert.AreEqual(threshold, report.NormAfter, 1e-6);
        else Assert.AreEqual(threshold, Gradients.Norm(parameters.Gradients, double.PositiveInfinity), 1e-7);
    }

    [TestMethod]
    [DataRow("norm:9..1/10steps", "norm:1")]
    [DataRow("norm-gate:9..0.3/2epochs/cosine", "norm-gate:0.3")]
    [DataRow("value:9..0.1/10steps/cosine", "value:0.1")]
    [DataRow("agc:9..0.05/10steps", "agc:0.05")]
    [DataRow("autoclip:90..20/2epochs", "autoclip:20")]
    [DataRow("zclip:9..0.5/10steps,warmup=8", "zclip:0.5,warmup=8")]
    public void EveryThresholdFollowsItsSchedule(string scheduled, string atTheEnd)
    {
        (ClipReport Report, float[] Gradient) moved = At(scheduled, 10), constant = At(atTheEnd, 10), early = At(scheduled, 9);
        Assert.AreEqual(constant.Report, moved.Report);
        Near.AssertSameBits(constant.Gradient, moved.Gradient, scheduled);
        Assert.AreNotEqual(constant.Report.Threshold, early.Report.Threshold);

        static (ClipReport, float[]) At(string text, int steps)
        {
            ParameterSet parameters = Gradients.Lstm();
            var chain = new Clipper(GradientClipping.Parse(text), NonFinitePolicy.Throw, parameters);
            ClipReport report = default;
            for (int step = 0; step <= steps; step++)
            {
                Gradients.Fill(parameters, (ulong)step, step == steps ? 10 : 1 + (0.1 * (step % 4)));
                report = chain.Apply(new ClippingStep(step, step / 5)); // epoch 2 begins at step 10
            }

            return (report, parameters.Gradients.ToArray());
        }
    }

    [TestMethod]
    public void TheConversionIsShown()
    {
        IClippingRule rule = GradientClipping.Parse("norm:5,units=sum-over-steps").Rules[0];
        Assert.Contains("at most 5 for the loss summed over 20 steps: divided by 20 for the mean loss", rule.Describe(new ClippingStep(0, LossTerms: 20)));
    }

    [TestMethod]
    public void TheConversionShownIsThatOfAFullBatch()
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(GradientClipping.Parse("norm:5,units=sum-over-batch"), NonFinitePolicy.Throw, parameters);
        foreach (int size in (int[])[32, 32, 6]) chain.Apply(new ClippingStep(0, BatchSize: size));
        Assert.Contains("divided by the size of the batch (32 for a full one)", chain.Summarize().Rules[0]);
    }

    [TestMethod]
    [DataRow("none")]
    [DataRow("norm:1")]
    [DataRow("value:0.05")]
    [DataRow("value:0.05+norm:1")]
    [DataRow("norm:2@recurrent+value:0.1")]
    [DataRow("norm:2@recurrent+value:0.1@head")]
    [DataRow("agc:0.01")]
    [DataRow("norm:1,p=3")]
    [DataRow("value:0.5xmean/1steps+norm-gate:0.1")]
    public void TheGradientOfASumIsDividedByItsWeight(string text)
    {
        foreach (bool defer in (bool[])[false, true])
        {
            ParameterSet mean = Gradients.Lstm(), sum = Gradients.Lstm();
            Clipper ofMean = new(GradientClipping.Parse(text), NonFinitePolicy.Throw, mean, deferScale: defer),
                ofSum = new(GradientClipping.Parse(text), NonFinitePolicy.Throw, sum, deferScale: defer);
            foreach (int step in (int[])[0, 1])
            {
                Gradients.Fill(mean, (ulong)step, 10);
                for (int i = 0; i < mean.Length; i++) sum.Gradients[i] = 8 * mean.Gradients[i];
                ClipReport expected = ofMean.Apply(new ClippingStep(step)), actual = ofSum.Apply(new ClippingStep(step), weight: 8);
                Assert.AreEqual(expected, actual with { PendingScale = expected.PendingScale });
                for (int i = 0; i < mean.Length; i++)
                    Assert.AreEqual(mean.Gradients[i] * expected.PendingScale, sum.Gradients[i] * actual.PendingScale, $"element {i}");
            }
        }
    }

    [TestMethod]
    public void DividingByTheWeightIsLeftToTheOptimizer()
    {
        ParameterSet parameters = Gradients.Lstm();
        Gradients.Fill(parameters, 1, 1);
        float[] before = parameters.Gradients.ToArray();
        var chain = new Clipper(GradientClipping.Parse("norm:1"), NonFinitePolicy.Throw, parameters, deferScale: true);
        ClipReport report = chain.Apply(new ClippingStep(0), weight: 3);
        Near.AssertSameBits(before, parameters.Gradients, "gradient");
        Assert.AreEqual(1 / 3f, report.PendingScale);
        Near.AssertRelative(1.0 / 3, report.NormBefore, 1e-6, "norm");
    }

    [TestMethod]
    public void PerGroupIsSaidNotToBeGlobal()
    {
        IClippingRule rule = GradientClipping.Parse("norm:5@recurrent").Rules[0];
        Assert.AreEqual(
            "for the recurrent weight matrices only (norms are taken over these; the other parameters are not clipped): "
            + "one norm over these together, and one scale for all; the norm is at most 5", rule.Describe(new ClippingStep(0)));
    }

    [TestMethod]
    [DataRow("norm:5")]
    [DataRow("normalize")]
    [DataRow("autoclip")]
    [DataRow("zclip")]
    public void ARuleSaysWhichParametersItsNormIsOver(string text)
    {
        Assert.StartsWith("one norm over all parameters", GradientClipping.Parse(text).Rules[0].Describe(new ClippingStep(0)));

        string ofGroup = GradientClipping.Parse($"{text}@recurrent").Rules[0].Describe(new ClippingStep(0));

        Assert.Contains("one norm over these", ofGroup);
        Assert.DoesNotContain("all parameters", ofGroup);
    }

    [TestMethod]
    public void AMeasuredThresholdIsDescribedPartByPart()
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(GradientClipping.Parse("norm-layer:0.5xmean/2steps+norm:2xmean/2steps"), NonFinitePolicy.Throw, parameters);
        foreach (int step in (int[])[0, 1])
        {
            Gradients.Fill(parameters, 1, 3);
            chain.Apply(new ClippingStep(step));
        }

        IReadOnlyList<string> states = chain.Summarize().States;
        Assert.MatchesRegex(@"^norm-layer:0\.5xmean/2steps: layer 0 limit [\d.]+ for a mean of [\d.]+, layer 1 limit .*, head limit .*, measured over 2 steps$", states[0]);
        Assert.AreEqual("norm:2xmean/2steps: limit 6 for a mean of 3, measured over 2 steps", states[1]);
    }

    [TestMethod]
    [DataRow("norm:1@recurrent+norm:2@head", null)]
    [DataRow("norm:1@layer0@bias", null)]
    [DataRow("norm:1+norm:1@recurent", "'recurent' selects no parameter")]
    [DataRow("norm:1@layer1@layer0", "'layer1' selects no parameter")]
    [DataRow("agc:0.01,head=true@head", null)]
    [DataRow("agc:0.01@head", "does not clip the head")]
    [DataRow("agc:0.01@head.*+norm:1", "does not clip the head")]
    [DataRow("norm:1@layer9", "the parameters are lstm.weight_ih_l0, lstm.weight_hh_l0")]
    public void RulesThatDoNotFitAModelAreFoundBeforehand(string text, string? problem)
    {
        GradientClipping clipping = GradientClipping.Parse(text);
        string? found = clipping.ProblemWith(Gradients.Lstm().Items);
        if (problem is null)
        {
            Assert.IsNull(found);
            Assert.IsNotNull(new Clipper(clipping, NonFinitePolicy.Throw, Gradients.Lstm()));
        }
        else
        {
            Assert.Contains(problem, found!);
            Assert.Contains(problem, Assert.ThrowsExactly<ArgumentException>(() => new Clipper(clipping, NonFinitePolicy.Throw, Gradients.Lstm())).Message);
        }
    }

    [TestMethod]
    public void ARuleThatOpensATensorIsMeasuredAgain()
    {
        ParameterSet parameters = Gradients.Lstm();
        Gradients.Fill(parameters, 1, 10);
        var chain = new Clipper(GradientClipping.ByGlobalNorm(1).Then(GradientClipping.Of(new ZeroHead())), NonFinitePolicy.Throw, parameters, deferScale: true);
        ClipReport report = chain.Apply(new ClippingStep(0));
        Assert.IsTrue(report.Changed);
        Assert.AreEqual(1, report.Rule);
        Near.AssertRelative(Gradients.Norm(parameters.Gradients) * report.PendingScale, report.NormAfter, 1e-6, "norm after");
        Assert.IsTrue(report.NormAfter < 0.999);
    }

    [TestMethod]
    [DataRow("autoclip:10,history=50")]
    [DataRow("zclip:2.5")]
    [DataRow("norm-tensor:2xmean/20steps")]
    public void ADamagedStateIsRefused(string text)
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(GradientClipping.Parse(text), NonFinitePolicy.Throw, parameters);
        for (int step = 0; step < 5; step++)
        {
            Gradients.Fill(parameters, (ulong)step, 1);
            chain.Apply(new ClippingStep(step));
        }

        using var file = new MemoryStream();
        chain.States.Write(new BinaryWriter(file));
        byte[] bytes = file.ToArray();
        foreach (int start in (int[])[8, 12, 16]) // behind the steps in force: the state's version, its length, itself
        {
            byte[] damaged = [.. bytes];
            damaged.AsSpan(start, 4).Fill(0xFF);
            var other = new Clipper(GradientClipping.Parse(text), NonFinitePolicy.Throw, parameters);
            Assert.ThrowsExactly<InvalidDataException>(() => other.States.Read(new BinaryReader(new MemoryStream(damaged))), $"byte {start}");
        }
    }

    [TestMethod]
    public void SummaryRoundTrips()
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(GradientClipping.Parse("autoclip:10"), NonFinitePolicy.SkipStep(), parameters);
        for (int step = 0; step < 20; step++)
        {
            Gradients.Fill(parameters, (ulong)step, 1 + step);
            if (step == 7) parameters.Gradients[0] = float.NaN;
            chain.Apply(new ClippingStep(step));
        }

        ClippingSummary summary = chain.Summarize();
        Assert.AreEqual((20L, 19L, 1L), (summary.Steps, summary.FiniteSteps, summary.SkippedSteps));
        Assert.AreEqual(20, summary.NormMax, 1e-5);
        Assert.AreEqual(11, summary.NormMedian, 1e-5);
        Assert.HasCount(1, summary.States);
        Assert.Contains("19 norms", summary.States[0]);
        ClippingSummary read = JsonSerializer.Deserialize<ClippingSummary>(JsonSerializer.Serialize(summary))!;
        Assert.AreEqual(summary, read);
        Assert.AreNotEqual(summary, read with { ClippedSteps = 0 });
        Assert.DoesNotContain("Seed", JsonSerializer.Serialize(summary)); // the loop's is derived from the user's: whoever has that one reports it
    }

    private sealed record ZeroHead : IClippingRule
    {
        public string Text => "zero-head";

        public ClipReport Apply(GradientGroup gradients, in ClippingStep step, ClippingState? state)
        {
            foreach (Parameter parameter in gradients.Items)
                if (parameter.Role == ParameterRole.Head) gradients.Open(parameter).Clear();
            return gradients.Report();
        }
    }
}
