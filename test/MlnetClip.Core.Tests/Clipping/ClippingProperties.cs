using MlnetClip.TestKit;
using FsCheck;
using FsCheck.Fluent;
using MlnetClip.Clipping;
using MlnetClip.Gradients;
using MlnetClip.Models;
using MlnetClip.Parameters;

namespace MlnetClip.Core.Tests.Clipping;

/// <summary>What holds for any setting, any shape and any finite gradient.</summary>
[TestClass]
public sealed class ClippingProperties
{
    /// <summary>A random model, gradient and setting.</summary>
    private sealed record Case(StackSpec Model, float[] Gradient, GradientClipping Clipping)
    {
        public ParameterSet Parameters()
        {
            var parameters = new ParameterSet(ModelLayout.Create(Model));
            for (int i = 0; i < parameters.Length; i++)
            {
                parameters.Values[i] = Gradient[(i * 7) % Gradient.Length];
                parameters.Gradients[i] = Gradient[i % Gradient.Length];
            }

            return parameters;
        }
    }

    private static readonly Gen<int> s_size = Gen.Choose(1, 7);

    private static readonly Gen<StackSpec> s_models =
        from features in s_size
        from hidden in s_size
        from layers in Gen.Choose(1, 3)
        from outputs in s_size
        from cell in Gen.Elements(RecurrentCell.Lstm, RecurrentCell.RnnTanh)
        select new StackSpec(features, hidden, layers, outputs, 0, cell);

    /// <summary>Finite floats over all magnitudes, zeros and the largest and smallest among them.</summary>
    private static readonly Gen<float> s_elements = Gen.Frequency(
        (6, from mantissa in Gen.Choose(-1_000_000, 1_000_000) select mantissa / 1e6f),
        (1, Gen.Constant(0f)),
        (2, from mantissa in Gen.Choose(-999, 999) from exponent in Gen.Choose(-44, 35) select (float)(mantissa * Math.Pow(10, exponent))),
        (1, Gen.Elements(float.MaxValue, -float.MaxValue, float.Epsilon, -0f)));

    private static readonly Gen<float> s_thresholds = from exponent in Gen.Choose(-300, 300) select (float)Math.Pow(10, exponent / 100.0);

    /// <summary>Thresholds that stay, move by steps or epochs, linearly or along a cosine.</summary>
    private static readonly Gen<Schedule> s_schedules =
        from start in s_thresholds
        from end in s_thresholds
        from length in Gen.Choose(1, 6)
        from form in Gen.Choose(0, 4)
        select form switch
        {
            0 => Schedule.Linear(start, end, steps: length),
            1 => Schedule.Linear(start, end, epochs: length),
            2 => Schedule.Cosine(start, end, steps: length),
            3 => Schedule.Cosine(start, end, epochs: length),
            _ => Schedule.Constant(start),
        };

    private static readonly Gen<Schedule> s_measured =
        from factor in s_thresholds from steps in Gen.Choose(1, 4) select Schedule.FromCalibration(factor, steps);

    private static readonly Gen<ThresholdUnits> s_units = Gen.Elements(Enum.GetValues<ThresholdUnits>());

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
        from z in s_schedules
        from alpha in Gen.Choose(1, 99)
        from warmUp in Gen.Choose(2, 5)
        from ceiling in Gen.OneOf(s_thresholds, Gen.Constant(float.PositiveInfinity))
        from skip in Gen.Elements(true, false)
        select GradientClipping.ByZScore(z, alpha / 100.0, warmUp, ceiling, skip),
        Gen.Constant(GradientClipping.Normalize()),
        from limit in s_schedules from order in Orders() from units in s_units select GradientClipping.ByGlobalNorm(limit, order, units),
        from limit in s_schedules from units in s_units select GradientClipping.ByValue(limit, units),
        from factor in s_schedules select GradientClipping.AdaptiveByUnit(factor),
        from limit in s_measured select GradientClipping.ByValue(limit),
        from limit in s_measured from order in Orders() select GradientClipping.ByGlobalNorm(limit, order),
        from limit in s_measured select GradientClipping.ByNormPerLayer(limit),
        from limit in s_measured select GradientClipping.ByNormPerTensor(limit),
        from limit in s_measured select GradientClipping.ByNormPerGate(limit));

    /// <summary>Settings that promise one scale for the whole gradient.</summary>
    private static readonly Gen<GradientClipping> s_directed = Gen.OneOf(
        from limit in s_thresholds from order in Orders() select GradientClipping.ByGlobalNorm(limit, order),
        from percentile in Gen.Choose(0, 100) select GradientClipping.ByPercentile(percentile),
        from ceiling in s_thresholds select GradientClipping.ByZScore(ceiling: ceiling),
        Gen.Constant(GradientClipping.Normalize()));

    private static readonly Gen<GradientClipping> s_inside = Gen.OneOf(
        Gen.Constant(GradientClipping.None),
        from limit in s_schedules from byNorm in Gen.Elements(true, false) select GradientClipping.InsideBackpropagation(limit, byNorm),
        from steps in Gen.Choose(1, 99) select GradientClipping.TruncatedBackpropagation(steps),
        from limit in s_schedules from steps in Gen.Choose(1, 99)
            select GradientClipping.InsideBackpropagation(limit).Then(GradientClipping.TruncatedBackpropagation(steps)));

    private static readonly Gen<GradientClipping> s_clippings =
        from first in s_rules
        from name in Gen.Elements("", "", "recurrent", "input", "head", "layer0", "*_l0")
        from second in Gen.OneOf(s_rules, Gen.Constant(GradientClipping.None))
        let misses = name == "head" && first.Rules[0] is AdaptiveUnitRule { IncludeHead: false } // refused: it would act on nothing
        select (name.Length == 0 || misses ? first : GradientClipping.ForParameters(name, first)).Then(second);

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
        var chain = new Clipper(c.Clipping, NonFinitePolicy.Throw, parameters);
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
        ClipReport report = new Clipper(c.Clipping, NonFinitePolicy.Throw, parameters).Apply(new ClippingStep(0));
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
        ClipReport whole = new Clipper(c.Clipping, NonFinitePolicy.Throw, applied).Apply(new ClippingStep(0));
        ClipReport report = new Clipper(c.Clipping, NonFinitePolicy.Throw, deferred, deferScale: true).Apply(new ClippingStep(0));
        if (whole != report with { PendingScale = 1 }) return false;
        for (int i = 0; i < applied.Length; i++)
        {
            double expected = applied.Gradients[i], actual = (double)deferred.Gradients[i] * report.PendingScale;
            if (Math.Abs(expected - actual) > (1e-6 * Math.Abs(expected)) + 3e-45) return false;
        }

        return true;
    });

    [TestMethod]
    public void EveryNormHoldsItsBound() => Prop.ForAll(s_cases, Arb.From(s_thresholds), Arb.From(Orders()), (c, limit, order) =>
    {
        ParameterSet parameters = c.Parameters();
        foreach (ClippingScope scope in Enum.GetValues<ClippingScope>())
        {
            for (int i = 0; i < parameters.Length; i++) parameters.Gradients[i] = c.Gradient[i % c.Gradient.Length];
            new Clipper(ByNorm(scope, limit, order), NonFinitePolicy.Throw, parameters).Apply(new ClippingStep(0));
            var store = new GradientStore(parameters, null);
            store.Measure();
            double lost = 1.5e-45 * Math.Pow(parameters.Length, 1 / order); // a subnormal element may be rounded up
            foreach (GradientGroup part in new GradientGroup(store, store.All).Parts(scope))
                if (!(part.NormOfOrder(order) <= (limit * (1 + 1e-5)) + lost)) return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void ValuesHoldTheirBounds() => Prop.ForAll(s_cases, Arb.From(s_thresholds), Arb.From(s_thresholds), (c, below, above) =>
    {
        ParameterSet parameters = c.Parameters();
        float[] before = parameters.Gradients.ToArray();
        ClipReport report = new Clipper(GradientClipping.ByValue(-below, above), NonFinitePolicy.Throw, parameters).Apply(new ClippingStep(0));
        long outside = 0;
        for (int i = 0; i < before.Length; i++)
        {
            if (parameters.Gradients[i] != Math.Clamp(before[i], -below, above)) return false;
            if (parameters.Gradients[i] != before[i]) outside++;
        }

        return report.ElementsClamped == outside;
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void OneScaleForAllKeepsTheDirection() => Prop.ForAll(s_cases, Arb.From(s_directed), (c, clipping) =>
    {
        ParameterSet parameters = c.Parameters();
        float[] before = parameters.Gradients.ToArray();
        ClipReport report = new Clipper(clipping, NonFinitePolicy.Throw, parameters).Apply(new ClippingStep(0));
        for (int i = 0; i < before.Length; i++)
        {
            double expected = before[i] * report.Scale;
            if (Math.Abs(parameters.Gradients[i] - expected) > (1e-6 * Math.Abs(expected)) + 3e-45) return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void ALimitAboveTheNormLeavesTheBitsAlone() => Prop.ForAll(s_cases, Arb.From(Orders()), (c, order) =>
    {
        ParameterSet parameters = c.Parameters();
        float[] before = parameters.Gradients.ToArray();
        var store = new GradientStore(parameters, null);
        store.Measure();
        double limit = 1.01 * new GradientGroup(store, store.All).NormOfOrder(order);
        if (!(limit is > 1e-37 and < 1e38)) return true;
        foreach (ClippingScope scope in Enum.GetValues<ClippingScope>())
            if (new Clipper(ByNorm(scope, limit, order), NonFinitePolicy.Throw, parameters).Apply(new ClippingStep(0)).Changed) return false;
        return parameters.Gradients.SequenceEqual(before);
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void WhatIsSavedGoesOnTheSame() => Prop.ForAll(s_cases, Arb.From(Gen.Choose(0, 6)), (c, stop) =>
    {
        ParameterSet first = c.Parameters(), second = c.Parameters();
        float[] before = first.Gradients.ToArray();
        Clipper whole = new(c.Clipping, NonFinitePolicy.SkipStep(), first), resumed = new(c.Clipping, NonFinitePolicy.SkipStep(), second);
        for (int step = 0; step < 9; step++)
        {
            if (step == stop)
            {
                using var file = new MemoryStream();
                whole.Save(new BinaryWriter(file));
                file.Position = 0;
                resumed.Load(new BinaryReader(file));
            }

            ClipReport expected = Apply(whole, first, step);
            if (step >= stop && (expected != Apply(resumed, second, step) || !first.Gradients.SequenceEqual(second.Gradients))) return false;
        }

        return whole.Summarize().Equals(resumed.Summarize());

        ClipReport Apply(Clipper chain, ParameterSet parameters, int step)
        {
            for (int i = 0; i < before.Length; i++) parameters.Gradients[i] = before[i] * (1 + (step % 3)) / 3;
            if (step == 5) parameters.Gradients[0] = float.NaN;
            return chain.Apply(new ClippingStep(step, step / 2, 4, 9, 3));
        }
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void TextsRoundTrip() => Prop.ForAll(Arb.From(from inside in s_inside from rules in s_clippings select inside.Then(rules)), c =>
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

    private static Gen<double> Orders() => Gen.OneOf(
        Gen.Elements(1, 2, 3, double.PositiveInfinity), from hundredths in Gen.Choose(40, 2000) select (double)(float)(hundredths / 100.0));

    private static GradientClipping ByNorm(ClippingScope scope, double limit, double order) => scope switch
    {
        ClippingScope.Global => GradientClipping.ByGlobalNorm(limit, order),
        ClippingScope.Layer => GradientClipping.ByNormPerLayer(limit, order),
        ClippingScope.Tensor => GradientClipping.ByNormPerTensor(limit, order),
        _ => GradientClipping.ByNormPerGate(limit, order),
    };

    private static void Check(Func<Case, bool> property) => Prop.ForAll(s_cases, property).QuickCheckThrowOnFailure();
}
