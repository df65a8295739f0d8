using MlnetClip.Schedules;
using System.Globalization;
using MlnetClip.Clipping;
using MlnetClip.Settings;

namespace MlnetClip.Core.Tests.Clipping;

/// <summary>Every option of every rule and policy refuses every illegal value; the values come from the range tables.</summary>
[TestClass]
public sealed class IllegalSettingsTests
{
    private static readonly (string Owner, OptionRange Range, Action<double> Set)[] s_options =
    [
        ("GradientClipping.ByValue", ClippingRanges.Limit, v => GradientClipping.ByValue(v)),
        ("GradientClipping.ByValue", ClippingRanges.Lower, v => GradientClipping.ByValue(v, 1e30)),
        ("GradientClipping.ByValue", ClippingRanges.Upper, v => GradientClipping.ByValue(-1e30, v)),
        ("GradientClipping.ByGlobalNorm", ClippingRanges.MaxNorm, v => GradientClipping.ByGlobalNorm(v)),
        ("GradientClipping.ByGlobalNorm", ClippingRanges.MaxNorm, v => GradientClipping.ByGlobalNorm(Schedule.Linear(1, v, steps: 2))),
        ("GradientClipping.ByGlobalNorm", ClippingRanges.NormType, v => GradientClipping.ByGlobalNorm(1, v)),
        ("GradientClipping.ByNormPerLayer", ClippingRanges.MaxNorm, v => GradientClipping.ByNormPerLayer(v)),
        ("GradientClipping.ByNormPerLayer", ClippingRanges.NormType, v => GradientClipping.ByNormPerLayer(1, v)),
        ("GradientClipping.ByNormPerTensor", ClippingRanges.MaxNorm, v => GradientClipping.ByNormPerTensor(v)),
        ("GradientClipping.ByNormPerTensor", ClippingRanges.NormType, v => GradientClipping.ByNormPerTensor(1, v)),
        ("GradientClipping.ByNormPerGate", ClippingRanges.MaxNorm, v => GradientClipping.ByNormPerGate(v)),
        ("GradientClipping.ByNormPerGate", ClippingRanges.NormType, v => GradientClipping.ByNormPerGate(1, v)),
        ("GradientClipping.AdaptiveByUnit", ClippingRanges.Factor, v => GradientClipping.AdaptiveByUnit(v)),
        ("GradientClipping.AdaptiveByUnit", ClippingRanges.Epsilon, v => GradientClipping.AdaptiveByUnit(0.01, v)),
        ("GradientClipping.ByPercentile", ClippingRanges.Percentile, v => GradientClipping.ByPercentile(v)),
        ("GradientClipping.ByPercentile", ClippingRanges.History, v => GradientClipping.ByPercentile(10, Whole(v))),
        ("GradientClipping.ByZScore", ClippingRanges.ZScore, v => GradientClipping.ByZScore(v)),
        ("GradientClipping.ByZScore", ClippingRanges.Alpha, v => GradientClipping.ByZScore(alpha: v)),
        ("GradientClipping.ByZScore", ClippingRanges.WarmUpSteps, v => GradientClipping.ByZScore(warmUpSteps: Whole(v))),
        ("GradientClipping.ByZScore", ClippingRanges.Ceiling, v => GradientClipping.ByZScore(ceiling: v)),
        ("GradientClipping.AdaptiveByTensor", ClippingRanges.TensorLimit, v => GradientClipping.AdaptiveByTensor(v)),
        ("GradientClipping.AdaptiveByTensor", ClippingRanges.Decay, v => GradientClipping.AdaptiveByTensor(decay: v)),
        ("GradientClipping.AdaptiveByTensor", ClippingRanges.TensorWarmUp, v => GradientClipping.AdaptiveByTensor(warmUpSteps: Whole(v))),
        ("GradientClipping.AdaptiveByTensor", ClippingRanges.WarmUpNorm, v => GradientClipping.AdaptiveByTensor(warmUpNorm: v)),
        ("GradientClipping.SkipSpikes", ClippingRanges.Deviations, v => GradientClipping.SkipSpikes(v)),
        ("GradientClipping.SkipSpikes", ClippingRanges.Window, v => GradientClipping.SkipSpikes(window: Whole(v))),
        ("GradientClipping.Stabilize", ClippingRanges.MeanDecay, v => GradientClipping.Stabilize(v)),
        ("GradientClipping.Stabilize", ClippingRanges.SquareDecay, v => GradientClipping.Stabilize(squareDecay: v)),
        ("GradientClipping.InsideBackpropagation", ClippingRanges.Limit, v => GradientClipping.InsideBackpropagation(v)),
        ("GradientClipping.InsideBackpropagation", ClippingRanges.Limit, v => GradientClipping.InsideBackpropagation(v, byNorm: true)),
        ("GradientClipping.TruncatedBackpropagation", ClippingRanges.TruncateSteps, v => GradientClipping.TruncatedBackpropagation(Whole(v))),
        ("Schedule.FromCalibration", ScheduleRanges.MeasuredFactor, v => Schedule.FromCalibration(v, 1)),
        ("Schedule.FromCalibration", ScheduleRanges.Steps, v => Schedule.FromCalibration(1, Whole(v))),
        ("Schedule.Linear", ScheduleRanges.Steps, v => Schedule.Linear(1, 2, steps: NotZero(v))),
        ("Schedule.Cosine", ScheduleRanges.Epochs, v => Schedule.Cosine(1, 2, epochs: NotZero(v))),
        ("Schedule.StepDecay", ScheduleRanges.Every, v => Schedule.StepDecay(everyEpochs: Whole(v))),
        ("Schedule.StepDecay", ScheduleRanges.Factor, v => Schedule.StepDecay(factor: (float)v)),
        ("Schedule.CosineToEnd", ScheduleRanges.Floor, v => Schedule.CosineToEnd((float)v)),
        ("Schedule.WithWarmUp", ScheduleRanges.WarmUp, v => Schedule.Constant().WithWarmUp(Whole(v))),
        ("Schedule.Exponential", ScheduleRanges.From, v => Schedule.Exponential(v, 1, steps: 2)),
        ("Schedule.Exponential", ScheduleRanges.To, v => Schedule.Exponential(1, v, steps: 2)),
        ("Schedule.ExponentialDecay", ScheduleRanges.Factor, v => Schedule.ExponentialDecay((float)v)),
        ("Schedule.WarmRestarts", ScheduleRanges.Multiply, v => Schedule.WarmRestarts(epochs: 2, multiply: Whole(v))),
        ("Schedule.WarmRestarts", ScheduleRanges.Floor, v => Schedule.WarmRestarts(steps: 2, floor: (float)v)),
        ("Schedule.OneCycle", ScheduleRanges.Rise, v => Schedule.OneCycle((float)v)),
        ("Schedule.OneCycle", ScheduleRanges.Start, v => Schedule.OneCycle(start: (float)v)),
        ("Schedule.OneCycle", ScheduleRanges.End, v => Schedule.OneCycle(end: (float)v)),
        ("Schedule.ReduceOnPlateau", ScheduleRanges.Patience, v => Schedule.ReduceOnPlateau(Whole(v))),
        ("Schedule.ReduceOnPlateau", ScheduleRanges.ReducedBy, v => Schedule.ReduceOnPlateau(factor: (float)v)),
        ("Schedule.ReduceOnPlateau", ScheduleRanges.Floor, v => Schedule.ReduceOnPlateau(floor: (float)v)),
        ("Schedule.ReduceOnPlateau", ScheduleRanges.MinDelta, v => Schedule.ReduceOnPlateau(minDelta: (float)v)),
        ("NonFinitePolicy.SkipStep", ClippingRanges.MaxConsecutive, v => NonFinitePolicy.SkipStep(Whole(v))),
        ("NonFinitePolicy.ZeroTensor", ClippingRanges.MaxConsecutive, v => NonFinitePolicy.ZeroTensor(Whole(v))),
        ("NonFinitePolicy.RollBack", ClippingRanges.LearningRateFactor, v => NonFinitePolicy.RollBack(v)),
        ("NonFinitePolicy.RollBack", ClippingRanges.SnapshotEvery, v => NonFinitePolicy.RollBack(snapshotEvery: Whole(v))),
        ("NonFinitePolicy.RollBack", ClippingRanges.MaxRollBacks, v => NonFinitePolicy.RollBack(maxRollBacks: Whole(v))),
    ];

    public static IEnumerable<object[]> Illegal =>
        s_options.SelectMany((o, i) => OutOf(o.Range).Select(v => new object[] { $"{o.Owner}.{o.Range.Option}", i, v }));

    public static IEnumerable<object[]> Legal =>
        s_options.SelectMany((o, i) => Within(o.Range).Select(v => new object[] { $"{o.Owner}.{o.Range.Option}", i, v }));

    [TestMethod]
    [DynamicData(nameof(Illegal))]
    public void AreRefused(string option, int index, double value)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => s_options[index].Set(value));
        Assert.StartsWith($"{option} must be {s_options[index].Range.Describe()}, but was ", error.Message);
    }

    [TestMethod]
    [DynamicData(nameof(Legal))]
    public void EndsOfARangeAreTaken(string option, int index, double value)
    {
        Assert.IsNotNull(option);
        s_options[index].Set(value);
    }

    [TestMethod]
    public void EveryRangeIsCovered()
    {
        OptionRange[] ranges =
        [
            .. typeof(ClippingRanges).GetFields().Concat(typeof(ScheduleRanges).GetFields()).Select(f => f.GetValue(null)).OfType<OptionRange>().Distinct()
                .Where(range => range != ScheduleRanges.Value), // of text forms alone; a number by itself is checked by who takes it
        ];
        CollectionAssert.AreEquivalent(ranges, s_options.Select(o => o.Range).Distinct().ToArray());
    }

    [TestMethod]
    public void AllErrorsOfOneObjectComeAtOnce()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => GradientClipping.ByZScore(-1, alpha: 2, warmUpSteps: 1, ceiling: 0));
        foreach (string option in (string[])["z must", "alpha must", "warmUpSteps must", "ceiling must"]) Assert.Contains(option, error.Message);
    }

    [TestMethod]
    public void AnIllegalThresholdHintsAtTheRightSetting()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => GradientClipping.ByGlobalNorm(0));
        Assert.Contains("GradientClipping.ByGlobalNorm.maxNorm must be above 0, but was 0.", error.Message);
        Assert.Contains("Hint: to train without clipping, use GradientClipping.None, text 'none'.", error.Message);
    }

    [TestMethod]
    public void LimitsInTheWrongOrderAreRefused()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => GradientClipping.ByValue(1, 1));
        Assert.Contains("lower must be below upper, but was 1 with upper 1", error.Message);
    }

    [TestMethod]
    public void UnitsThatThereAreNotAreRefused()
    {
        Assert.Contains("units must be one of", Assert.ThrowsExactly<ArgumentException>(() => GradientClipping.ByGlobalNorm(1, units: (ThresholdUnits)9)).Message);
        Assert.Contains("units must be MeanLoss", Assert.ThrowsExactly<ArgumentException>(
            () => GradientClipping.ByGlobalNorm(Schedule.FromCalibration(1, 5), units: ThresholdUnits.PerSample)).Message);
    }

    [TestMethod]
    public void ASchedulesLengthIsGivenOnce()
    {
        Assert.Contains("steps or epochs must be given", Assert.ThrowsExactly<ArgumentException>(() => Schedule.Linear(1, 2)).Message);
        Assert.Contains("steps or epochs must be given", Assert.ThrowsExactly<ArgumentException>(() => Schedule.Cosine(1, 2, 3, 4)).Message);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("a+b")]
    [DataRow("a,b")]
    [DataRow("a@b")]
    public void AGroupThatCannotBeWrittenIsRefused(string group) =>
        Assert.Contains("group must be", Assert.ThrowsExactly<ArgumentException>(() => GradientClipping.ForParameters(group, GradientClipping.Normalize())).Message);

    [TestMethod]
    public void AGroupInsideTheBackwardPassIsRefused() => Assert.Contains("clipping must not have limits inside the backward pass",
        Assert.ThrowsExactly<ArgumentException>(() => GradientClipping.ForParameters("head", GradientClipping.InsideBackpropagation(1))).Message);

    [TestMethod]
    public void AGroupWithoutParametersIsRefusedWhenTheModelIsKnown()
    {
        GradientClipping clipping = GradientClipping.ForParameters("recurent", GradientClipping.ByGlobalNorm(1));
        var error = Assert.ThrowsExactly<ArgumentException>(() => new Clipper(clipping, NonFinitePolicy.Throw, Gradients.Lstm()));
        Assert.Contains("'recurent' selects no parameter", error.Message);
        Assert.Contains("lstm.weight_hh_l1", error.Message);
    }

    private static IEnumerable<double> OutOf(OptionRange range)
    {
        if (range.Whole)
        {
            yield return range.Minimum - 1;
            if (range.Maximum < int.MaxValue) yield return Math.Min(range.Maximum * 2, int.MaxValue);
            yield break;
        }

        yield return double.NaN;
        yield return double.NegativeInfinity;
        if (!range.InfinityLegal) yield return double.PositiveInfinity;
        if (double.IsFinite(range.Minimum)) yield return range.MinimumLegal ? range.Minimum - 1 : range.Minimum;
        if (double.IsFinite(range.Maximum)) yield return range.MaximumLegal ? range.Maximum + 1 : range.Maximum;
        yield return 1e300; // beyond float32
        yield return -1e300;
    }

    private static IEnumerable<double> Within(OptionRange range)
    {
        if (range.MinimumLegal && double.IsFinite(range.Minimum)) yield return range.Minimum;
        if (!range.MinimumLegal) yield return range.Minimum + 1e-30;
        if (range.MaximumLegal && double.IsFinite(range.Maximum)) yield return range.Maximum;
        if (range.InfinityLegal) yield return double.PositiveInfinity;
    }

    private static int Whole(double value) => int.Parse(value.ToString("F0", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static int NotZero(double value) => value == 0 ? -1 : Whole(value);
}
