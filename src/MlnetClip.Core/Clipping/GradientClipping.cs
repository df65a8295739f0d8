using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using MlnetClip.Clipping;
using MlnetClip.Schedules;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>
/// How gradients are clipped between the backward pass and the optimizer: rules in the order they are applied. Immutable,
/// equal by value, with a text form that <see cref="Parse"/> reads and that is its JSON form too.
/// </summary>
/// <remarks>
/// Unless <see cref="ThresholdUnits"/> specify otherwise, thresholds apply to the gradient of the mean loss over batch and outputs,
/// before weight decay. A threshold is a number or a <see cref="Schedule"/>; numbers are stored as float32.
/// The norm before and after clipping is reported at every step, also with <see cref="None"/>.
/// </remarks>
[JsonConverter(typeof(GradientClippingJsonConverter))]
public sealed class GradientClipping : IEquatable<GradientClipping>
{
    private readonly IClippingRule[] _rules;

    internal GradientClipping(IReadOnlyList<IClippingRule> rules, BackpropClipping? inside = null) => (_rules, BackpropClipping) = ([.. rules], inside);

    /// <summary>Does not clip gradients. Text: <c>none</c>.</summary>
    public static GradientClipping None { get; } = new([]);

    /// <summary>The rules, in the order they are applied to the gradient; empty for <see cref="None"/>.</summary>
    public IReadOnlyList<IClippingRule> Rules => _rules;

    /// <summary>Whether a rule limits single elements.</summary>
    internal bool LimitsElements => _rules.Any(rule => rule is ValueRule or GroupRule { Inner: ValueRule });

    /// <summary>Whether a rule is made to change most steps, so that a fit in which most steps are clipped needs no warning.</summary>
    internal bool IsMeantForMostSteps => _rules.Any(rule => (rule is GroupRule group ? group.Inner : rule) is NormalizeRule or StabilizeRule or PercentileRule or AdaptiveTensorRule);

    /// <summary>Limits inside the backward pass; null for none.</summary>
    public BackpropClipping? BackpropClipping { get; }

    /// <summary>Limits every element to the range from -<paramref name="limit"/> to <paramref name="limit"/>. Text: <c>value:0.5</c>.</summary>
    /// <param name="limit">Above 0 and finite.</param>
    /// <param name="units">The loss for which the limit was chosen.</param>
    /// <exception cref="ArgumentException"><paramref name="limit"/> is outside its range.</exception>
    public static GradientClipping ByValue(Schedule limit, ThresholdUnits units = ThresholdUnits.MeanLoss)
    {
        ArgumentNullException.ThrowIfNull(limit);
        OptionErrors errors = Errors(nameof(ByValue));
        limit.CheckThreshold(errors, ClippingRanges.Limit, measured: true);
        CheckUnits(errors, limit, units);
        errors.ThrowIfAny();
        return Of(new ValueRule(null, limit, units));
    }

    /// <summary>Limits every element to the range from <paramref name="lower"/> to <paramref name="upper"/>. Text: <c>value:-0.1,0.5</c>.</summary>
    /// <param name="lower">Finite, below <paramref name="upper"/>.</param>
    /// <param name="upper">Finite.</param>
    /// <param name="units">The loss for which the limits were chosen.</param>
    /// <exception cref="ArgumentException">A limit is outside its range.</exception>
    public static GradientClipping ByValue(double lower, double upper, ThresholdUnits units = ThresholdUnits.MeanLoss)
    {
        OptionErrors errors = Errors(nameof(ByValue)).CheckSingle(ClippingRanges.Lower, lower).CheckSingle(ClippingRanges.Upper, upper);
        if ((float)lower >= (float)upper) errors.Add("lower", "must be below upper", FormattableString.Invariant($"{lower} with upper {upper}"));
        CheckUnits(errors, upper, units);
        errors.ThrowIfAny();
        return Of(new ValueRule((float)lower, upper, units));
    }

    /// <summary>
    /// Clips by global norm: takes one norm over all parameters and, where it exceeds <paramref name="maxNorm"/>, scales the whole
    /// gradient down to it. The direction is kept. Text: <c>norm:1</c>, <c>norm:1,p=inf</c>.
    /// </summary>
    /// <param name="maxNorm">The largest norm after clipping, above 0 and finite.</param>
    /// <param name="normType">The order p of the norm, above 0; default 2; infinity for the largest magnitude.</param>
    /// <param name="units">The loss for which the threshold was chosen.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static GradientClipping ByGlobalNorm(Schedule maxNorm, double normType = 2, ThresholdUnits units = ThresholdUnits.MeanLoss) =>
        ByNorm(nameof(ByGlobalNorm), ClippingScope.Global, maxNorm, normType, units);

    /// <summary>
    /// Clips the gradient of each layer separately by its norm: weights and biases of a layer together, the head as a layer
    /// of its own. The direction of the whole gradient changes. This clips gradients and is unrelated to layer
    /// normalization. Text: <c>norm-layer:1</c>.
    /// </summary>
    /// <inheritdoc cref="ByGlobalNorm"/>
    public static GradientClipping ByNormPerLayer(Schedule maxNorm, double normType = 2, ThresholdUnits units = ThresholdUnits.MeanLoss) =>
        ByNorm(nameof(ByNormPerLayer), ClippingScope.Layer, maxNorm, normType, units);

    /// <summary>
    /// Clips the gradient of each weight matrix and each bias separately by its norm (clipnorm in Keras).
    /// The direction of the whole gradient changes. Text: <c>norm-tensor:1</c>.
    /// </summary>
    /// <inheritdoc cref="ByGlobalNorm"/>
    public static GradientClipping ByNormPerTensor(Schedule maxNorm, double normType = 2, ThresholdUnits units = ThresholdUnits.MeanLoss) =>
        ByNorm(nameof(ByNormPerTensor), ClippingScope.Tensor, maxNorm, normType, units);

    /// <summary>
    /// Clips the gradient of each gate's rows of each tensor separately by its norm; a tensor without gates counts
    /// as one. The direction of the whole gradient changes. Text: <c>norm-gate:1</c>.
    /// </summary>
    /// <inheritdoc cref="ByGlobalNorm"/>
    public static GradientClipping ByNormPerGate(Schedule maxNorm, double normType = 2, ThresholdUnits units = ThresholdUnits.MeanLoss) =>
        ByNorm(nameof(ByNormPerGate), ClippingScope.Gate, maxNorm, normType, units);

    /// <summary>
    /// Adaptive gradient clipping, AGC (Brock et al. 2021): the gradient of each unit, a row of a weight matrix or a whole
    /// bias, is limited to <paramref name="factor"/> times the norm of the unit's own weights. The factor does not depend on
    /// how the loss is scaled. Text: <c>agc:0.01</c>, <c>agc:0.01,eps=0.01,head=true</c>.
    /// </summary>
    /// <param name="factor">Above 0.</param>
    /// <param name="eps">A lower bound on the norm of a unit's weights, above 0, so that weights of zero can grow.</param>
    /// <param name="includeHead">Whether the head is clipped too; the paper excludes the last layer.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static GradientClipping AdaptiveByUnit(Schedule? factor = null, double eps = 1e-3, bool includeHead = false)
    {
        factor ??= AdaptiveUnitRule.DefaultFactor;
        OptionErrors errors = Errors(nameof(AdaptiveByUnit));
        factor.CheckThreshold(errors, ClippingRanges.Factor);
        errors.CheckSingle(ClippingRanges.Epsilon, eps).ThrowIfAny();
        return Of(new AdaptiveUnitRule(factor, (float)eps, includeHead));
    }

    /// <summary>
    /// AutoClip (Seetharaman et al. 2020): clips by global norm to a percentile of the most recent norms, including this
    /// step's. With the default of 10, nine steps in ten are clipped. Text: <c>autoclip:10</c>, <c>autoclip:10,history=500</c>.
    /// </summary>
    /// <param name="percentile">The percentile, from 0 to 100; default 10.</param>
    /// <param name="history">The number of most recent norms that are kept, 1 or more.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static GradientClipping ByPercentile(Schedule? percentile = null, int history = PercentileRule.DefaultHistory)
    {
        percentile ??= PercentileRule.DefaultPercentile;
        OptionErrors errors = Errors(nameof(ByPercentile));
        percentile.CheckThreshold(errors, ClippingRanges.Percentile);
        errors.CheckSingle(ClippingRanges.History, history).ThrowIfAny();
        return Of(new PercentileRule(percentile, history));
    }

    /// <summary>
    /// ZClip (Kumar et al. 2025): clips by global norm, but only spikes: norms more than <paramref name="z"/> standard deviations
    /// above their running mean. Text: <c>zclip:2.5</c>, <c>zclip:2.5,alpha=0.9,warmup=50,ceiling=10,skip=true</c>.
    /// </summary>
    /// <param name="z">The number of standard deviations above which a norm is a spike, above 0; default 2.5.</param>
    /// <param name="alpha">Decay of the running mean and variance, above 0 and below 1.</param>
    /// <param name="warmUpSteps">Steps at the start that are measured but not clipped, 2 or more.</param>
    /// <param name="ceiling">An upper limit on the norm at every step, including the warm-up; infinity, the default, for none.</param>
    /// <param name="skipSpikes">True to skip the step on a spike, and to exclude the spike from the statistics, instead of scaling it down.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static GradientClipping ByZScore(
        Schedule? z = null, double alpha = 0.97, int warmUpSteps = ZScoreRule.DefaultWarmUp,
        double ceiling = double.PositiveInfinity, bool skipSpikes = false)
    {
        z ??= ZScoreRule.DefaultZ;
        OptionErrors errors = Errors(nameof(ByZScore));
        z.CheckThreshold(errors, ClippingRanges.ZScore);
        errors.CheckSingle(ClippingRanges.Alpha, alpha)
            .CheckSingle(ClippingRanges.WarmUpSteps, warmUpSteps)
            .CheckSingle(ClippingRanges.Ceiling, ceiling)
            .ThrowIfAny();
        return Of(new ZScoreRule(z, (float)alpha, warmUpSteps, (float)ceiling, skipSpikes));
    }

    /// <summary>
    /// AdaGC (Wang et al. 2025): limits the norm of each weight matrix and bias to a multiple of a moving average of its own clipped norms, after a warm-up
    /// in which the global norm is limited. Text: <c>adagc:1.05,0.98</c>, <c>adagc:1.05,0.98,warmup=50,max=5</c>.
    /// </summary>
    /// <param name="limit">The multiple of the average, above 0; default 1.05.</param>
    /// <param name="decay">Decay of the average, above 0 and below 1; default 0.98.</param>
    /// <param name="warmUpSteps">Steps of the warm-up, 1 or more; default 100. The average begins as the smallest norm in it.</param>
    /// <param name="warmUpNorm">The largest global norm during the warm-up, above 0; infinity for no limit; default 1.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static GradientClipping AdaptiveByTensor(
        double limit = 1.05, double decay = 0.98, int warmUpSteps = AdaptiveTensorRule.DefaultWarmUp, double warmUpNorm = AdaptiveTensorRule.DefaultMaxNorm)
    {
        Errors(nameof(AdaptiveByTensor)).CheckSingle(ClippingRanges.TensorLimit, limit).CheckSingle(ClippingRanges.Decay, decay)
            .CheckSingle(ClippingRanges.TensorWarmUp, warmUpSteps).CheckSingle(ClippingRanges.WarmUpNorm, warmUpNorm).ThrowIfAny();
        return Of(new AdaptiveTensorRule((float)limit, (float)decay, warmUpSteps, (float)warmUpNorm));
    }

    /// <summary>
    /// Skips a step whose loss or norm is more than so many standard deviations above the mean of the last steps, as OLMo-core and Levanter do. It does not
    /// change other gradients; combine it with <see cref="ByGlobalNorm"/>. Text: <c>skip-spike:6</c>, <c>skip-spike:6,window=64</c>.
    /// </summary>
    /// <param name="deviations">The number of standard deviations, above 0; default 6.</param>
    /// <param name="window">The number of last steps, from 2 to 10,000; default 128. Nothing is skipped before there are half as many.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static GradientClipping SkipSpikes(double deviations = SkipSpikeRule.DefaultDeviations, int window = SkipSpikeRule.DefaultWindow)
    {
        Errors(nameof(SkipSpikes)).CheckSingle(ClippingRanges.Deviations, deviations).CheckSingle(ClippingRanges.Window, window).ThrowIfAny();
        return Of(new SkipSpikeRule((float)deviations, window));
    }

    /// <summary>
    /// GradientStabilizer (AdaGN of Stable-SPAM, Huang et al. 2025): gives the gradient the norm m / (sqrt(v) + 1e-8), where m and v are moving averages of
    /// the norm and of its square. That is about 1 while norms are steady, so plain gradient descent needs another learning rate; with the defaults it is at most 1.41.
    /// Text: <c>stabilize:0.7,0.9</c>.
    /// </summary>
    /// <param name="meanDecay">Decay of the mean norm, 0 or more and below 1; default 0.7.</param>
    /// <param name="squareDecay">Decay of its mean square, 0 or more and below 1; default 0.9.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static GradientClipping Stabilize(double meanDecay = 0.7, double squareDecay = 0.9)
    {
        Errors(nameof(Stabilize)).CheckSingle(ClippingRanges.MeanDecay, meanDecay).CheckSingle(ClippingRanges.SquareDecay, squareDecay).ThrowIfAny();
        return Of(new StabilizeRule((float)meanDecay, (float)squareDecay));
    }

    /// <summary>Divides the gradient by its norm, so that small gradients grow. Meant for comparison. Text: <c>normalize</c>.</summary>
    public static GradientClipping Normalize() => Of(new NormalizeRule());

    /// <summary>
    /// Limits the gradient propagated from each time step to the previous one in the backward pass (Graves 2013, arXiv:1308.0850):
    /// each element, or the 2-norm for each sequence. It applies before all rules and can be combined with any of them.
    /// Text: <c>inside:1</c>, <c>inside-norm:1</c>.
    /// </summary>
    /// <param name="limit">Above 0 and finite, in units of the mean loss.</param>
    /// <param name="byNorm">True to limit the norm instead of the elements.</param>
    /// <exception cref="ArgumentException"><paramref name="limit"/> is outside its range.</exception>
    public static GradientClipping InsideBackpropagation(Schedule limit, bool byNorm = false)
    {
        ArgumentNullException.ThrowIfNull(limit);
        OptionErrors errors = Errors(nameof(InsideBackpropagation));
        limit.CheckThreshold(errors, ClippingRanges.Limit);
        errors.ThrowIfAny();
        return new GradientClipping([], new BackpropClipping(limit, byNorm));
    }

    /// <summary>Truncated backpropagation through time: the gradient is propagated through the last steps of the sequence only. Text: <c>truncate:35</c>.</summary>
    /// <param name="steps">Time steps, 1 or more. No effect when the sequence has no more steps than that.</param>
    /// <exception cref="ArgumentException"><paramref name="steps"/> is outside its range.</exception>
    public static GradientClipping TruncatedBackpropagation(int steps)
    {
        Errors(nameof(TruncatedBackpropagation)).CheckSingle(ClippingRanges.TruncateSteps, steps).ThrowIfAny();
        return new GradientClipping([], new BackpropClipping(truncateSteps: steps));
    }

    /// <summary>
    /// Applies rules to some parameters only. A global norm is then the norm over this group, so
    /// clipping several groups separately differs from clipping by global norm. Text: <c>norm:1@recurrent</c>.
    /// </summary>
    /// <param name="group">
    /// <c>recurrent</c> (weights from hidden state to gates), <c>input</c> (weights from input to gates), <c>bias</c> (of recurrent
    /// layers), <c>head</c> (its weights and bias), <c>layer0</c> and so on, or the name of a parameter, in which <c>*</c> and <c>?</c> are wildcards.
    /// </param>
    /// <param name="clipping">The rules; limits inside the backward pass are not allowed.</param>
    /// <exception cref="ArgumentException">The group is not a legal text, or <paramref name="clipping"/> has limits inside the backward pass.</exception>
    public static GradientClipping ForParameters(string group, GradientClipping clipping)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(clipping);
        OptionErrors errors = Errors(nameof(ForParameters));
        if (!ParameterSelector.IsLegal(group)) errors.Add("group", $"must be {ParameterSelector.Forms}", $"'{group}'");
        if (clipping.BackpropClipping is not null) errors.Add("clipping", "must not have limits inside the backward pass, where there are no groups", $"'{clipping}'");
        errors.ThrowIfAny();
        return clipping.For(new ParameterSelector(group));
    }

    /// <summary>Applies rules to one layer only; see <see cref="ForParameters(string, GradientClipping)"/>. Text: <c>norm:1@layer0</c>.</summary>
    /// <param name="layer">The index of the layer, counted from the input, 0 or more; the head is the last.</param>
    /// <param name="clipping">The rules; limits inside the backward pass are not allowed.</param>
    public static GradientClipping ForParameters(int layer, GradientClipping clipping)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        return ForParameters($"layer{layer}", clipping);
    }

    /// <summary>Clips by a custom rule.</summary>
    public static GradientClipping Of(IClippingRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new GradientClipping([rule]);
    }

    /// <summary>Registers the text form of a custom rule with <see cref="Parse"/>, for this process.</summary>
    /// <param name="name">The word before the colon: lowercase letters, digits and hyphens.</param>
    /// <param name="usage">The form as error messages show it, for example <c>soft:KNEE</c>.</param>
    /// <param name="create">Creates the rule from the text after the colon, which may be empty; may throw a <see cref="FormatException"/>.</param>
    /// <exception cref="ArgumentException">The name is taken or cannot be a name.</exception>
    public static void RegisterRule(string name, string usage, Func<string, IClippingRule> create)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(usage);
        ArgumentNullException.ThrowIfNull(create);
        ClippingText.Register(name, usage, create);
    }

    /// <summary>Combines settings: these rules, followed by those of <paramref name="next"/>.</summary>
    /// <exception cref="ArgumentException">Both limit the gradient inside the backward pass, or both truncate it.</exception>
    public GradientClipping Then(GradientClipping next)
    {
        ArgumentNullException.ThrowIfNull(next);
        (BackpropClipping? inside, string? conflict) = BackpropClipping.Merge(BackpropClipping, next.BackpropClipping);
        if (conflict is not null)
            throw new ArgumentException($"{nameof(GradientClipping)}.{nameof(Then)}: '{conflict}' can be set once, got '{this}' and '{next}'.");
        return new GradientClipping([.. _rules, .. next._rules], inside);
    }

    /// <summary>
    /// Describes why these rules do not fit a model: a group of <see cref="ForParameters(string, GradientClipping)"/> selects none of its
    /// parameters, or none that the rule applies to. Null when they fit. Training throws for the same reason; this detects it earlier.
    /// </summary>
    /// <param name="parameters">The model's parameters, as <see cref="Parameters.ParameterSet.LayOut"/> returns them.</param>
    public string? ProblemWith(IReadOnlyList<Parameters.Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (IClippingRule outer in _rules)
        {
            IReadOnlyList<Parameters.Parameter> left = parameters;
            IClippingRule rule = outer;
            for (; rule is GroupRule group; rule = group.Inner)
            {
                Parameters.Parameter[] selected = [.. left.Where(group.Group.Selects)];
                if (selected.Length == 0) return group.Group.Misses(left);
                left = selected;
            }

            if (rule.ProblemWith(left) is { } problem) return problem;
        }

        return null;
    }

    /// <summary>Reads a text form, for example <c>value:5+norm:1</c>.</summary>
    /// <exception cref="SettingFormatException">The text is not a legal form; the message points at the offending character.</exception>
    public static GradientClipping Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ClippingText.Parse(text);
    }

    /// <summary>Reads a text form; returns false where <see cref="Parse"/> would throw.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out GradientClipping? clipping)
    {
        try
        {
            clipping = text is null ? null : Parse(text);
        }
        catch (FormatException)
        {
            clipping = null;
        }

        return clipping is not null;
    }

    /// <summary>The text form.</summary>
    public override string ToString()
    {
        string text = string.Join('+', [.. BackpropClipping?.Texts() ?? [], .. _rules.Select(r => r.Text)]);
        return text.Length == 0 ? "none" : text;
    }

    /// <inheritdoc/>
    public bool Equals(GradientClipping? other) =>
        other is not null && Equals(BackpropClipping, other.BackpropClipping) && _rules.AsSpan().SequenceEqual(other._rules);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GradientClipping);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    internal GradientClipping For(ParameterSelector group) => new([.. _rules.Select(r => new GroupRule(group, r))]);

    private static OptionErrors Errors(string method) => new($"{nameof(GradientClipping)}.{method}");

    private static void CheckUnits(OptionErrors errors, Schedule threshold, ThresholdUnits units)
    {
        if (threshold.IsMeasured && units != ThresholdUnits.MeanLoss) errors.Add("units", "must be MeanLoss where the threshold is measured", $"{units}");
        if (!Enum.IsDefined(units)) errors.Add("units", $"must be one of {string.Join(", ", Enum.GetNames<ThresholdUnits>())}", $"{units}");
    }

    private static GradientClipping ByNorm(string method, ClippingScope scope, Schedule maxNorm, double normType, ThresholdUnits units)
    {
        ArgumentNullException.ThrowIfNull(maxNorm);
        OptionErrors errors = Errors(method);
        maxNorm.CheckThreshold(errors, ClippingRanges.MaxNorm, measured: true);
        errors.CheckSingle(ClippingRanges.NormType, normType);
        CheckUnits(errors, maxNorm, units);
        errors.ThrowIfAny();
        return Of(new NormRule(scope, maxNorm, (float)normType, units));
    }
}
