using MlnetClip.Schedules;
using MlnetClip.Settings;

namespace MlnetClip.Clipping;

/// <summary>
/// Reads the text form of a <see cref="GradientClipping"/>: <c>none</c>, or rules joined by <c>+</c> in the order they are applied,
/// each followed by <c>@group</c> where it applies to some parameters only.
/// </summary>
internal static class ClippingText
{
    private const string Schedules = "may be a schedule such as 5..1/1000steps or 5..1/20epochs/cosine";

    private static readonly string s_units = $"U is {ThresholdUnitsExtensions.Names}";
    private static readonly string s_valueDetails = $"; LIMIT {Schedules}, or measured, 2xmean/200steps; {s_units}";
    private static readonly string s_normDetails = $"; MAX {Schedules}, or measured, 2xmean/200steps; P is above 0 or inf; {s_units}";

    private static readonly SettingForm<GradientClipping>[] s_forms =
    [
        new("value", "value:LIMIT or value:LOWER,UPPER[,units=U]", a => GradientClipping.Of(Value(a)), s_valueDetails),
        new("norm", "norm:MAX[,p=P,units=U]", a => Norm(a, ClippingScope.Global), s_normDetails),
        new("norm-layer", "norm-layer:MAX[,p=P,units=U]", a => Norm(a, ClippingScope.Layer), s_normDetails),
        new("norm-tensor", "norm-tensor:MAX[,p=P,units=U]", a => Norm(a, ClippingScope.Tensor), s_normDetails),
        new("norm-gate", "norm-gate:MAX[,p=P,units=U]", a => Norm(a, ClippingScope.Gate), s_normDetails),
        new("agc", "agc[:FACTOR,eps=E,head=true]", a => GradientClipping.Of(AdaptiveUnit(a)), $"; FACTOR {Schedules}"),
        new("autoclip", "autoclip[:PERCENTILE,history=N]", a => GradientClipping.Of(Percentile(a)), $"; PERCENTILE {Schedules}"),
        new("zclip", "zclip[:Z,alpha=A,warmup=N,ceiling=MAX,skip=true]", a => GradientClipping.Of(ZScore(a)), $"; Z {Schedules}"),
        new("adagc", "adagc[:LIMIT,DECAY,warmup=N,max=NORM]", a => GradientClipping.Of(AdaptiveTensor(a))),
        new("skip-spike", "skip-spike[:DEVIATIONS,window=N]", a => GradientClipping.Of(SkipSpike(a))),
        new("stabilize", "stabilize[:DECAY,DECAY]", a => GradientClipping.Of(Stabilize(a)), "; the first DECAY is of the mean norm, the second of its mean square"),
        new("normalize", "normalize", _ => GradientClipping.Normalize()),
        new("inside", "inside:LIMIT", a => Inside(a, byNorm: false), $"; LIMIT {Schedules}"),
        new("inside-norm", "inside-norm:LIMIT", a => Inside(a, byNorm: true), $"; LIMIT {Schedules}"),
        new("truncate", "truncate:STEPS", a => new GradientClipping([], new(truncateSteps: (int)a.Number(ClippingRanges.TruncateSteps)))),
    ];

    // Added to by RegisterRule; replaced as a whole, so that readers need no lock.
    private static volatile SettingParser<GradientClipping> s_parser = CreateParser(s_forms);
    private static SettingForm<GradientClipping>[] s_all = s_forms;

    /// <summary>Registers the text form of a custom rule.</summary>
    /// <exception cref="ArgumentException">The name is taken or cannot be a name.</exception>
    public static void Register(string name, string usage, Func<string, IClippingRule> create)
    {
        lock (s_forms)
        {
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') || !char.IsAsciiLetter(name[0]))
                throw new ArgumentException($"A rule's name consists of lowercase letters, digits and hyphens and starts with a letter, got '{name}'.", nameof(name));
            if (name == "none" || s_all.Any(f => f.Name == name)) throw new ArgumentException($"A rule named '{name}' already exists.", nameof(name));
            s_all = [.. s_all, new(name, usage, a => GradientClipping.Of(Custom(a, create)))];
            s_parser = CreateParser(s_all);
        }
    }

    public static GradientClipping Parse(string text)
    {
        if (text == "none") return GradientClipping.None;
        SettingParser<GradientClipping> parser = s_parser;
        GradientClipping clipping = GradientClipping.None;
        for (int start = 0; start <= text.Length;)
        {
            int end = EndOfRule(text, start);
            if (text.AsSpan(start, end - start) is "none") throw parser.Fail(text, start, "'none' cannot be combined with other rules");
            clipping = Join(parser, clipping, One(parser, text, start, end), text, start);
            start = end + 1;
        }

        return clipping;
    }

    /// <summary>One rule with its groups.</summary>
    private static GradientClipping One(SettingParser<GradientClipping> parser, string text, int start, int end)
    {
        int at = text.IndexOf('@', start, end - start);
        GradientClipping clipping = parser.Read(text, start, at < 0 ? end : at);
        while (at >= 0)
        {
            int next = text.IndexOf('@', at + 1, end - at - 1);
            string group = text[(at + 1)..(next < 0 ? end : next)];
            if (!ParameterSelector.IsLegal(group)) throw parser.Fail(text, at + 1, $"'{group}' is not a group: {ParameterSelector.Forms}");
            if (clipping.Rules.Count == 0) throw parser.Fail(text, at, "a limit inside the backward pass cannot have a group");
            clipping = clipping.For(new ParameterSelector(group));
            at = next;
        }

        return clipping;
    }

    private static GradientClipping Join(SettingParser<GradientClipping> parser, GradientClipping all, GradientClipping one, string text, int start)
    {
        (BackpropClipping? inside, string? conflict) = BackpropClipping.Merge(all.BackpropClipping, one.BackpropClipping);
        if (conflict is not null) throw parser.Fail(text, start, $"'{conflict}' is given twice");
        return new GradientClipping([.. all.Rules, .. one.Rules], inside);
    }

    /// <summary>The next plus sign that is not part of a number such as 1e+20, or the text's end.</summary>
    private static int EndOfRule(string text, int start)
    {
        for (int i = start; i < text.Length; i++)
        {
            if (text[i] != '+') continue;
            bool exponent = i >= 2 && text[i - 1] is 'e' or 'E' && (char.IsAsciiDigit(text[i - 2]) || text[i - 2] == '.')
                && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]);
            if (!exponent) return i;
        }

        return text.Length;
    }

    private static SettingParser<GradientClipping> CreateParser(SettingForm<GradientClipping>[] forms) =>
        new(nameof(GradientClipping), forms,
            $"none, {string.Join(", ", forms.Select(f => f.Usage))}; several joined by + are applied in that order; @GROUP after a rule restricts it to some parameters; "
            + $"a threshold {Schedules}, of a norm or value also measured, 2xmean/200steps; P is above 0 or inf; {s_units}.");

    private static ValueRule Value(SettingArguments arguments)
    {
        if (arguments.Positional < 2)
        {
            Schedule limit = Threshold(arguments, ClippingRanges.Limit, measured: true);
            return new ValueRule(null, limit, Units(arguments, limit));
        }

        float lower = arguments.Number(ClippingRanges.Lower);
        int second = arguments.NextStart;
        float upper = arguments.Number(ClippingRanges.Upper);
        if (lower >= upper) throw arguments.Fail(second, $"upper must be above lower, {SettingNumber.Print(lower)}");
        return new ValueRule(lower, upper, arguments.Units());
    }

    private static GradientClipping Norm(SettingArguments arguments, ClippingScope scope)
    {
        Schedule maxNorm = Threshold(arguments, ClippingRanges.MaxNorm, measured: true);
        float normType = arguments.Number("p", ClippingRanges.NormType, 2);
        return GradientClipping.Of(new NormRule(scope, maxNorm, normType, Units(arguments, maxNorm)));
    }

    private static ThresholdUnits Units(SettingArguments arguments, Schedule threshold)
    {
        int at = arguments.StartOf("units");
        ThresholdUnits units = arguments.Units();
        if (threshold.IsMeasured && units != ThresholdUnits.MeanLoss)
            throw arguments.Fail(at, "a measured threshold is already in the unit of the mean loss and cannot be converted");
        return units;
    }

    private static GradientClipping Inside(SettingArguments arguments, bool byNorm) =>
        new([], new BackpropClipping(Threshold(arguments, ClippingRanges.Limit), byNorm));

    private static AdaptiveUnitRule AdaptiveUnit(SettingArguments arguments) => new(
        arguments.Positional > 0 ? Threshold(arguments, ClippingRanges.Factor) : AdaptiveUnitRule.DefaultFactor,
        arguments.Number("eps", ClippingRanges.Epsilon, AdaptiveUnitRule.DefaultEpsilon),
        arguments.Flag("head", false));

    private static PercentileRule Percentile(SettingArguments arguments) => new(
        arguments.Positional > 0 ? Threshold(arguments, ClippingRanges.Percentile) : PercentileRule.DefaultPercentile,
        (int)arguments.Number("history", ClippingRanges.History, PercentileRule.DefaultHistory));

    private static ZScoreRule ZScore(SettingArguments arguments) => new(
        arguments.Positional > 0 ? Threshold(arguments, ClippingRanges.ZScore) : ZScoreRule.DefaultZ,
        arguments.Number("alpha", ClippingRanges.Alpha, ZScoreRule.DefaultAlpha),
        (int)arguments.Number("warmup", ClippingRanges.WarmUpSteps, ZScoreRule.DefaultWarmUp),
        arguments.Number("ceiling", ClippingRanges.Ceiling, float.PositiveInfinity),
        arguments.Flag("skip", false));

    private static AdaptiveTensorRule AdaptiveTensor(SettingArguments arguments) => new(
        arguments.Number(ClippingRanges.TensorLimit, AdaptiveTensorRule.DefaultLimit),
        arguments.Number(ClippingRanges.Decay, AdaptiveTensorRule.DefaultDecay),
        (int)arguments.Number("warmup", ClippingRanges.TensorWarmUp, AdaptiveTensorRule.DefaultWarmUp),
        arguments.Number("max", ClippingRanges.WarmUpNorm, AdaptiveTensorRule.DefaultMaxNorm));

    private static SkipSpikeRule SkipSpike(SettingArguments arguments) => new(
        arguments.Number(ClippingRanges.Deviations, SkipSpikeRule.DefaultDeviations),
        (int)arguments.Number("window", ClippingRanges.Window, SkipSpikeRule.DefaultWindow));

    private static StabilizeRule Stabilize(SettingArguments arguments) => new(
        arguments.Number(ClippingRanges.MeanDecay, StabilizeRule.DefaultMeanDecay),
        arguments.Number(ClippingRanges.SquareDecay, StabilizeRule.DefaultSquareDecay));

    private static IClippingRule Custom(SettingArguments arguments, Func<string, IClippingRule> create)
    {
        try
        {
            return create(arguments.Rest());
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw arguments.Fail(error.Message);
        }
    }

    private static Schedule Threshold(SettingArguments arguments, OptionRange range, bool measured = false)
    {
        (string text, int start) = arguments.Raw(range);
        return ScheduleText.Read(text, range, measured, out string? problem, out int at)
            ?? throw arguments.Fail(start + at, problem!);
    }
}
