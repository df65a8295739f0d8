using MlnetClip.Clipping;
using MlnetClip.Gradients;
using MlnetClip.Parameters;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Clipping;

[TestClass]
public sealed class ByValueTests() : ClippingRuleContract("value:0.1", "value:20", keepsDirection: false)
{
    protected override void AssertBound(ParameterSet after, ClipReport report)
    {
        foreach (float g in after.Gradients) Assert.IsTrue(Math.Abs(g) <= 0.1f, $"{g}");
        Assert.IsTrue(report.ElementsClamped > 0 && report.ElementsClamped <= report.Elements);
    }

    [TestMethod]
    public void CountsTheElementsItClamped()
    {
        (ParameterSet parameters, ClipReport report) = Run(Acting, p => Gradients.Fill(p, 1, 10));
        ParameterSet before = Gradients.Lstm();
        Gradients.Fill(before, 1, 10);
        long outside = before.Gradients.ToArray().LongCount(g => Math.Abs(g) > 0.1f);
        Assert.AreEqual(outside, report.ElementsClamped);
        Assert.IsTrue(outside > 0 && outside < parameters.Length);
        Assert.AreEqual((double)outside / parameters.Length, report.ShareClamped);
    }
}

[TestClass]
public sealed class ByUnevenValueTests() : ClippingRuleContract("value:-0.05,0.2", "value:-20,30", keepsDirection: false)
{
    protected override void AssertBound(ParameterSet after, ClipReport report)
    {
        foreach (float g in after.Gradients) Assert.IsTrue(g is >= -0.05f and <= 0.2f, $"{g}");
    }
}

public abstract class NormContract(string acting, string loose, ClippingScope scope, double order, double limit, bool keepsDirection)
    : ClippingRuleContract(acting, loose, keepsDirection)
{
    protected override void AssertBound(ParameterSet after, ClipReport report)
    {
        Assert.AreEqual((float)limit, (float)report.Threshold);
        var store = new GradientStore(after, null);
        foreach (GradientGroup part in new GradientGroup(store, store.All).Parts(scope))
        {
            store.Measure();
            double norm = part.NormOfOrder(order);
            Assert.IsTrue(norm <= limit * (1 + 1e-6), $"{part.Items[0].Name}: {norm}");
        }
    }
}

[TestClass]
public sealed class ByGlobalNormTests() : NormContract("norm:1.5", "norm:11", ClippingScope.Global, 2, 1.5, keepsDirection: true)
{
    [TestMethod]
    public void ClipsToTheThresholdAndNotBelow()
    {
        (_, ClipReport report) = Run(Acting, p => Gradients.Fill(p, 1, 10));
        Assert.IsTrue(report.NormAfter is <= 1.5 and > 1.4999998, $"{report.NormAfter:R}");
    }

    [TestMethod]
    public void IsIdempotent()
    {
        ParameterSet parameters = Gradients.Lstm();
        Gradients.Fill(parameters, 1, 10);
        var chain = new Clipper(Acting, NonFinitePolicy.Throw, parameters);
        chain.Apply(new ClippingStep(0));
        ClipReport again = chain.Apply(new ClippingStep(1));
        Assert.IsTrue(again.Scale is >= 1 - 1e-6 and <= 1, $"{again.Scale:R}");
    }
}

[TestClass]
public sealed class ByGlobalNormOfOrderOneTests() : NormContract("norm:7,p=1", "norm:1000,p=1", ClippingScope.Global, 1, 7, keepsDirection: true);

[TestClass]
public sealed class ByGlobalNormOfOrderThreeTests() : NormContract("norm:1,p=3", "norm:11,p=3", ClippingScope.Global, 3, 1, keepsDirection: true);

[TestClass]
public sealed class ByGlobalNormOfFractionalOrderTests() : NormContract("norm:100,p=0.7", "norm:100000,p=0.7", ClippingScope.Global, 0.7f, 100, keepsDirection: true);

[TestClass]
public sealed class ByLargestMagnitudeTests() : NormContract("norm:0.1,p=inf", "norm:11,p=inf", ClippingScope.Global, double.PositiveInfinity, 0.1f, keepsDirection: true);

[TestClass]
public sealed class ByNormPerLayerTests() : NormContract("norm-layer:1.5", "norm-layer:11", ClippingScope.Layer, 2, 1.5, keepsDirection: false);

[TestClass]
public sealed class ByNormPerTensorTests() : NormContract("norm-tensor:0.8", "norm-tensor:11", ClippingScope.Tensor, 2, 0.8f, keepsDirection: false);

[TestClass]
public sealed class ByNormPerTensorOfOrderOneTests() : NormContract("norm-tensor:2,p=1", "norm-tensor:1000,p=1", ClippingScope.Tensor, 1, 2, keepsDirection: false);

[TestClass]
public sealed class ByNormPerGateTests() : NormContract("norm-gate:0.3", "norm-gate:11", ClippingScope.Gate, 2, 0.3f, keepsDirection: false);

[TestClass]
public sealed class ByScheduledNormTests() : NormContract("norm:9..1.5/100steps", "norm:9..11/100steps/cosine", ClippingScope.Global, 2, 1.5, keepsDirection: true);

[TestClass]
public sealed class ByCalibratedNormTests() : NormContract("norm:2xmean/20steps", "norm:20xmean/20steps", ClippingScope.Global, 2, 2, keepsDirection: true)
{
    protected override IEnumerable<double> Prepare => Enumerable.Repeat(1.0, 20);
}

[TestClass]
public sealed class ByCalibratedNormOfOrderOneTests() : ClippingRuleContract("norm:2xmean/20steps,p=1", "norm:30xmean/20steps,p=1", keepsDirection: true)
{
    protected override IEnumerable<double> Prepare => Enumerable.Repeat(1.0, 20);

    protected override void AssertBound(ParameterSet after, ClipReport report)
    {
        double mean = Calibrated.MeanNorm(order: 1);
        Near.AssertRelative(2 * mean, report.Threshold, 1e-6, "threshold");
        Near.AssertRelative(2 * mean, Gradients.Norm(after.Gradients, 1), 1e-6, "1-norm after");
    }
}

[TestClass]
public sealed class ByCalibratedNormPerGateTests() : ClippingRuleContract("norm-gate:1.5xmean/20steps", "norm-gate:30xmean/20steps", keepsDirection: false)
{
    protected override IEnumerable<double> Prepare => Enumerable.Repeat(1.0, 20);

    protected override void AssertBound(ParameterSet after, ClipReport report)
    {
        var store = new GradientStore(after, null);
        store.Measure();
        double largest = new GradientGroup(store, store.All).Parts(ClippingScope.Gate).Max(gate => gate.Norm);
        Assert.IsTrue(report.Threshold is > 0 and < 0.5 && largest is > 0 and < 1.5, $"{report.Threshold}, {largest}");
    }
}

[TestClass]
public sealed class ByCalibratedValueTests() : ClippingRuleContract("value:2xmean/20steps", "value:50xmean/20steps", keepsDirection: false)
{
    protected override IEnumerable<double> Prepare => Enumerable.Repeat(1.0, 20);

    protected override void AssertBound(ParameterSet after, ClipReport report)
    {
        double mean = Calibrated.MeanNorm(double.PositiveInfinity);
        Assert.AreEqual(2 * mean, report.Threshold, 1e-6);
        Assert.AreEqual(2 * mean, Gradients.Norm(after.Gradients, double.PositiveInfinity), 1e-6);
    }
}

[TestClass]
public sealed class ByScheduledValueTests() : ClippingRuleContract("value:9..0.1/50steps/cosine", "value:9..20/50steps", keepsDirection: false)
{
    protected override void AssertBound(ParameterSet after, ClipReport report)
    {
        foreach (float g in after.Gradients) Assert.IsTrue(Math.Abs(g) <= 0.1f, $"{g}");
    }
}

[TestClass]
public sealed class ForParametersTests() : ClippingRuleContract("norm:0.5@recurrent", "norm:11@recurrent", keepsDirection: false)
{
    protected override void AssertBound(ParameterSet after, ClipReport report)
    {
        double squares = 0;
        foreach (Parameter parameter in after.Items.Where(p => p.Role == ParameterRole.Recurrent))
            squares += Math.Pow(Gradients.Norm(after.GradientsOf(parameter)), 2);
        Assert.AreEqual(0.5, Math.Sqrt(squares), 1e-6);
    }

    [TestMethod]
    public void LeavesASingleTensorAlone()
    {
        ParameterSet before = Gradients.Lstm();
        Gradients.Fill(before, 1, 10);
        (ParameterSet after, _) = Run(GradientClipping.Parse("norm:0.5@*t*"), p => Gradients.Fill(p, 1, 10), deferScale: true); // all names but one have a t
        Near.AssertSameBits(before.GradientsOf(before["head.bias"]), after.GradientsOf(after["head.bias"]), "head.bias");
        Assert.IsLessThan(0.51, Gradients.Norm(after.GradientsOf(after["head.weight"])));
    }

    [TestMethod]
    public void LeavesTheOthersAlone()
    {
        ParameterSet before = Gradients.Lstm();
        Gradients.Fill(before, 1, 10);
        (ParameterSet after, _) = Run(Acting, p => Gradients.Fill(p, 1, 10));
        foreach (Parameter parameter in after.Items.Where(p => p.Role != ParameterRole.Recurrent))
            Near.AssertSameBits(before.GradientsOf(before[parameter.Name]), after.GradientsOf(parameter), parameter.Name);
    }
}

[TestClass]
public sealed class AdaptiveByUnitTests() : ClippingRuleContract("agc:0.05", "agc:1000", keepsDirection: false)
{
    protected override void AssertBound(ParameterSet after, ClipReport report)
    {
        foreach (Parameter parameter in after.Items.Where(p => p.Role != ParameterRole.Head))
        {
            int unit = parameter.IsBias ? parameter.Length : parameter.Columns;
            for (int start = 0; start < parameter.Length; start += unit)
            {
                double weights = Gradients.Norm(after.ValuesOf(parameter).Slice(start, unit));
                double norm = Gradients.Norm(after.GradientsOf(parameter).Slice(start, unit));
                Assert.IsTrue(norm <= 0.05f * Math.Max(weights, 1e-3) * (1 + 1e-6), $"{parameter.Name}: {norm} for weights of {weights}");
            }
        }
    }

    [TestMethod]
    public void LeavesTheHeadUnlessToldOtherwise()
    {
        (ParameterSet without, _) = Run(Acting, p => Gradients.Fill(p, 1, 10));
        (ParameterSet with, _) = Run(GradientClipping.AdaptiveByUnit(0.05, includeHead: true), p => Gradients.Fill(p, 1, 10));
        Assert.IsTrue(Gradients.Norm(with.GradientsOf(with["head.weight"])) < 0.1 * Gradients.Norm(without.GradientsOf(without["head.weight"])));
    }
}

[TestClass]
public sealed class ByPercentileTests() : ClippingRuleContract("autoclip:20", "autoclip:100", keepsDirection: true)
{
    protected override IEnumerable<double> Prepare => Enumerable.Range(0, 40).Select(i => 1 + (0.01 * (i % 10)));

    protected override void AssertBound(ParameterSet after, ClipReport report)
    {
        Assert.IsTrue(report.NormAfter <= report.Threshold * (1 + 1e-12));
        Assert.AreEqual(1.02, report.Threshold, 1e-6);
    }

    [TestMethod]
    public void ForgetsWhatLeavesTheWindow()
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(GradientClipping.ByPercentile(50, history: 4), NonFinitePolicy.Throw, parameters);
        double[] norms = [1, 2, 3, 4, 5, 6, 7, 7, 7, 7, 2], thresholds = [1, 1.5, 2, 2.5, 3.5, 4.5, 5.5, 6.5, 7, 7, 7];
        for (int i = 0; i < norms.Length; i++)
        {
            Gradients.Fill(parameters, (ulong)i, norms[i]);
            Assert.AreEqual(thresholds[i], chain.Apply(new ClippingStep(i)).Threshold, 1e-6, $"step {i}");
        }
    }
}

[TestClass]
public sealed class ByZScoreTests() : ClippingRuleContract("zclip:2.5", "zclip:100000000", keepsDirection: true)
{
    protected override IEnumerable<double> Prepare => Enumerable.Range(0, 40).Select(i => 1 + (0.1 * (i % 3)));

    protected override void AssertBound(ParameterSet after, ClipReport report)
    {
        Assert.IsTrue(report.NormAfter <= report.Threshold * (1 + 1e-12));
        Assert.IsTrue(report.Threshold is > 1 and < 1.4, $"{report.Threshold}");
    }

    [TestMethod]
    public void SkipsASpikeWhereAsked()
    {
        (_, ClipReport report) = Run(GradientClipping.ByZScore(skipSpikes: true), p => Gradients.Fill(p, 1, 10));
        Assert.AreEqual(StepOutcome.Skipped, report.Outcome);
        Assert.IsTrue(report.IsFinite);
        Assert.IsFalse(report.TakesStep);
    }

    [TestMethod]
    public void NoLaterRuleIsAskedAboutASpikeThatIsSkipped()
    {
        GradientClipping clipping = GradientClipping.ByZScore(skipSpikes: true).Then(GradientClipping.ByGlobalNorm(5));
        ParameterSet before = Gradients.Lstm();
        Gradients.Fill(before, 1, 10);
        (ParameterSet after, ClipReport report) = Run(clipping, p => Gradients.Fill(p, 1, 10));
        Assert.AreEqual((StepOutcome.Skipped, -1, false), (report.Outcome, report.Rule, report.Changed));
        Near.AssertSameBits(before.Gradients, after.Gradients, "gradient");
    }

    [TestMethod]
    public void HoldsTheCeilingDuringTheWarmUpAndAfter()
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(GradientClipping.ByZScore(warmUpSteps: 4, ceiling: 2), NonFinitePolicy.Throw, parameters);
        for (int step = 0; step < 12; step++)
        {
            Gradients.Fill(parameters, (ulong)step, 10 + (step % 2)); // no spikes
            ClipReport report = chain.Apply(new ClippingStep(step));
            Assert.AreEqual(2, report.NormAfter, 1e-6, $"step {step}");
            Assert.AreEqual(2, report.Threshold);
        }

        Assert.Contains("mean norm 10", chain.Summarize().States[0]); // the statistics follow the norms before the ceiling
    }
}

[TestClass]
public sealed class AdaptiveByTensorTests() : ClippingRuleContract("adagc:1.05,0.98,warmup=20", "adagc:1e6,0.98,warmup=20", keepsDirection: false)
{
    protected override IEnumerable<double> Prepare => Enumerable.Range(0, 30).Select(i => 0.8 + (0.1 * (i % 4)));

    protected override void AssertBound(ParameterSet after, ClipReport report)
    {
        foreach (Parameter tensor in after.Items)
        {
            // The average is at most the largest norm of the tensor in any of the steps before.
            double norm = Gradients.Norm(after.GradientsOf(tensor));
            Assert.IsTrue(norm > 0 && norm <= 1.05 * 1.1, $"{tensor}: {norm}");
        }

        Assert.IsTrue(report.Threshold is > 0 and < 1.05, $"{report.Threshold}");
    }
}

[TestClass]
public sealed class SkipSpikesTests() : ClippingRuleContract("skip-spike:6,window=20+norm:1.5", "skip-spike:6,window=20+norm:11", keepsDirection: true)
{
    protected override IEnumerable<double> Prepare => Enumerable.Range(0, 30).Select(i => i % 2 == 0 ? 1.0 : 10);

    protected override bool SkipsHugeNorms => true;

    protected override void AssertBound(ParameterSet after, ClipReport report) => Assert.IsTrue(report.NormAfter <= 1.5 * (1 + 1e-12));
}

[TestClass]
public sealed class StabilizeTests() : ClippingRuleContract("stabilize:0.7,0.9", null, keepsDirection: true)
{
    protected override IEnumerable<double> Prepare => Enumerable.Range(0, 40).Select(i => 1 + (0.1 * (i % 3)));

    protected override void AssertBound(ParameterSet after, ClipReport report)
    {
        Near.AssertRelative(report.Threshold, Gradients.Norm(after.Gradients), 1e-6, "norm after");
        Assert.IsTrue(report.Threshold is > 0.1 and < 1.41, $"{report.Threshold}"); // by Cauchy and Schwarz, for these decays
    }
}

[TestClass]
public sealed class NormalizeTests() : ClippingRuleContract("normalize", null, keepsDirection: true)
{
    protected override void AssertBound(ParameterSet after, ClipReport report) => Assert.AreEqual(1, Gradients.Norm(after.Gradients), 1e-6);

    [TestMethod]
    public void LengthensAShortGradient()
    {
        foreach (double norm in (double[])[1e-3, 1e-38])
        {
            (ParameterSet parameters, ClipReport report) = Run(Acting, p => Gradients.Fill(p, 1, norm));
            Assert.AreEqual(1, Gradients.Norm(parameters.Gradients), 1e-5);
            Assert.AreEqual(1, report.NormAfter, 1e-5);
        }
    }
}

[TestClass]
public sealed class ChainOfRulesTests() : ClippingRuleContract("value:0.4+norm-tensor:1+norm:1.5", "value:20+norm:11", keepsDirection: false)
{
    protected override void AssertBound(ParameterSet after, ClipReport report)
    {
        Assert.IsTrue(Gradients.Norm(after.Gradients) <= 1.5 * (1 + 1e-6));
        Assert.AreEqual(2, report.Rule);
        Assert.AreEqual(1.5, report.Threshold);
    }
}

/// <summary>The sample's rule, from outside the engine, passes the same suite.</summary>
[TestClass]
public sealed class CustomRuleTests() : ClippingRuleContract("soft:1", null, keepsDirection: true)
{
    static CustomRuleTests() => GradientClipping.RegisterRule(
        "soft", "soft:KNEE", text => new CustomRule.SoftNorm(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)));

    protected override void AssertBound(ParameterSet after, ClipReport report) =>
        Assert.AreEqual(Math.Tanh(report.NormBefore), Gradients.Norm(after.Gradients), 1e-6);

    [TestMethod]
    public void TheSampleIsShort() => Assert.IsLessThan(40, File.ReadAllLines(Path.Combine(RepositoryFiles.Root, "samples", "CustomRule", "SoftNorm.cs")).Length);
}

/// <summary>What a rule that measures its threshold has seen in <c>Prepare</c>: twenty gradients of scale 1.</summary>
internal static class Calibrated
{
    public static double MeanNorm(double order)
    {
        ParameterSet seen = Gradients.Lstm();
        double mean = 0;
        for (ulong step = 0; step < 20; step++)
        {
            Gradients.Fill(seen, 1000 + step, 1);
            mean += Gradients.Norm(seen.Gradients, order) / 20;
        }

        return mean;
    }
}
