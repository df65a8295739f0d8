using FsCheck;
using FsCheck.Fluent;
using MlnetClip.Clipping;
using MlnetClip.Layers;
using MlnetClip.Parameters;

namespace MlnetClip.Core.Tests.Clipping;

/// <summary>What holds for any setting, any shape and any finite gradient.</summary>
[TestClass]
public sealed class ClippingProperties
{
    /// <summary>A random model, gradient and setting.</summary>
    private sealed record Case(SequenceModelSpec Model, float[] Gradient, GradientClipping Clipping)
    {
        public ParameterSet Parameters()
        {
            var parameters = new ParameterSet(SequenceModelLayout.Create(Model));
            for (int i = 0; i < parameters.Length; i++)
            {
                parameters.Values[i] = Gradient[(i * 7) % Gradient.Length];
                parameters.Gradients[i] = Gradient[i % Gradient.Length];
            }

            return parameters;
        }
    }

    private static readonly Gen<int> s_size = Gen.Choose(1, 7);

    private static readonly Gen<SequenceModelSpec> s_models =
        from features in s_size
        from hidden in s_size
        from layers in Gen.Choose(1, 3)
        from outputs in s_size
        from cell in Gen.Elements(CellType.Lstm, CellType.Tanh)
        select new SequenceModelSpec(features, hidden, layers, outputs, 0, cell);

    /// <summary>Finite floats over all magnitudes, zeros and the largest and smallest among them.</summary>
    private static readonly Gen<float> s_elements = Gen.Frequency(
        (6, from mantissa in Gen.Choose(-1_000_000, 1_000_000) select mantissa / 1e6f),
        (1, Gen.Constant(0f)),
        (2, from mantissa in Gen.Choose(-999, 999) from exponent in Gen.Choose(-44, 35) select (float)(mantissa * Math.Pow(10, exponent))),
        (1, Gen.Elements(float.MaxValue, -float.MaxValue, float.Epsilon, -0f)));

    private static readonly Gen<float> s_thresholds = from exponent in Gen.Choose(-300, 300) select (float)Math.Pow(10, exponent / 100.0);

    private static readonly Gen<GradientClipping> s_rules = Gen.OneOf(
        from limit in s_thresholds select GradientClipping.ByValue(limit),
        from lower in s_thresholds from upper in s_thresholds select GradientClipping.ByValue(-lower, upper),
        from limit in s_thresholds from order in Orders() select GradientClipping.ByGlobalNorm(limit, order),
        from limit in s_thresholds from order in Orders() select GradientClipping.ByNormPerLayer(limit, order),
        from limit in s_thresholds from order in Orders() select GradientClipping.ByNormPerTensor(limit, order),
        from limit in s_thresholds from order in Orders() select GradientClipping.ByNormPerGate(limit, order),
        from limit in s_thresholds from units in Gen.Elements(Enum.GetValues<ThresholdUnits>()) select GradientClipping.ByGlobalNorm(limit, units: units),
        from factor in s_thresholds from eps in s_thresholds from head in Gen.Elements(true, false) select GradientClipping.AdaptiveByUnit(factor, eps, head),
        from percentile in Gen.Choose(0, 100) from history in Gen.Choose(1, 9) select GradientClipping.ByPercentile(percentile, history),
        from z in s_thresholds from ceiling in s_thresholds select GradientClipping.ByZScore(z, 0.9, 3, ceiling),
        Gen.Constant(GradientClipping.Normalize()),
        from limit in s_thresholds from end in s_thresholds select GradientClipping.ByGlobalNorm(ThresholdSchedule.Linear(limit, end, epochs: 3)),
        from factor in s_thresholds select GradientClipping.ByNormPerLayer(ThresholdSchedule.FromCalibration(factor, 2)));

    private static readonly Gen<GradientClipping> s_clippings =
        from first in s_rules
        from name in Gen.Elements("", "", "recurrent", "input", "head", "layer0", "*_l0")
        from second in Gen.OneOf(s_rules, Gen.Constant(GradientClipping.None))
        select (name.Length == 0 ? first : GradientClipping.ForParameters(name, first)).Then(second);

    private static readonly Arbitrary<Case> s_cases = Arb.From(
        from model in s_models
        from gradient in Gen.ArrayOf(s_elements, 97)
        from clipping in s_clippings
        select new Case(model, gradient, clipping));

    [TestMethod]
    public void AFiniteGradientStaysFiniteAndKeepsItsSigns() => Check(c =>
    {
        ParameterSet parameters = c.Parameters();
        float[] before = parameters.Gradients.ToArray();
        var chain = new ClippingChain(c.Clipping, NonFinitePolicy.Throw, parameters);
        for (int step = 0; step < 5; step++)
        {
            before.CopyTo(parameters.Gradients);
            ClipReport report = chain.Apply(new ClippingStep(step, step, 4, 9, 3));
            if (!report.IsFinite || !double.IsFinite(report.NormAfter)) return false;
            for (int i = 0; i < before.Length; i++)
            {
                float after = parameters.Gradients[i];
                if (!float.IsFinite(after) || after * Math.Sign(before[i]) < 0) return false;
            }
        }

        return true;
    });

    [TestMethod]
    public void TheReportIsTrue() => Check(c =>
    {
        ParameterSet parameters = c.Parameters();
        float[] before = parameters.Gradients.ToArray();
        ClipReport report = new ClippingChain(c.Clipping, NonFinitePolicy.Throw, parameters).Apply(new ClippingStep(0));
        double normBefore = Gradients.Norm(before), normAfter = Gradients.Norm(parameters.Gradients);
        double lost = 1e-45 * Math.Sqrt(before.Length); // what rounding to subnormal numbers may take
        return Math.Abs(report.NormBefore - normBefore) <= 1e-9 * normBefore
            && Math.Abs(report.NormAfter - normAfter) <= (1e-6 * normAfter) + lost
            && (report.Changed || parameters.Gradients.SequenceEqual(before));
    });

    [TestMethod]
    public void DeferringTheLastScaleChangesNothing() => Check(c =>
    {
        ParameterSet applied = c.Parameters(), deferred = c.Parameters();
        ClipReport whole = new ClippingChain(c.Clipping, NonFinitePolicy.Throw, applied).Apply(new ClippingStep(0));
        ClipReport report = new ClippingChain(c.Clipping, NonFinitePolicy.Throw, deferred, deferScale: true).Apply(new ClippingStep(0));
        if (whole != report with { PendingScale = 1 }) return false;
        for (int i = 0; i < applied.Length; i++)
        {
            double expected = applied.Gradients[i], actual = (double)deferred.Gradients[i] * report.PendingScale;
            if (Math.Abs(expected - actual) > (1e-6 * Math.Abs(expected)) + 3e-45) return false;
        }

        return true;
    });

    [TestMethod]
    public void GlobalNormHoldsItsBound() => Prop.ForAll(s_cases, Arb.From(s_thresholds), (c, limit) =>
    {
        ParameterSet parameters = c.Parameters();
        new ClippingChain(GradientClipping.ByGlobalNorm(limit), NonFinitePolicy.Throw, parameters).Apply(new ClippingStep(0));
        return Gradients.Norm(parameters.Gradients) <= limit * (1 + 1e-6);
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void TextsRoundTrip() => Prop.ForAll(Arb.From(s_clippings), c =>
        GradientClipping.Parse(c.ToString()).Equals(c) && GradientClipping.Parse(c.ToString()).ToString() == c.ToString()).QuickCheckThrowOnFailure();

    [TestMethod]
    public void AnyTextParsesOrSaysWhereItDoesNot() => Prop.ForAll(
        Arb.From(from parts in Gen.ArrayOf(Gen.Elements("norm", "value", "agc", ":", ",", "+", "@", "1", "-0.5", "1e9", "head", "p=", "inf", "none", "..", "/", "steps", "é", " "))
            select string.Concat(parts)),
        text =>
        {
            try
            {
                GradientClipping clipping = GradientClipping.Parse(text);
                return GradientClipping.Parse(clipping.ToString()).Equals(clipping);
            }
            catch (Settings.SettingFormatException error)
            {
                return error.Position >= 0 && error.Position <= text.Length;
            }
        }).QuickCheckThrowOnFailure();

    private static Gen<double> Orders() => Gen.Elements(1, 2, 3, 0.5f, 7.5, double.PositiveInfinity);

    private static void Check(Func<Case, bool> property) => Prop.ForAll(s_cases, property).QuickCheckThrowOnFailure();
}
