using System.Diagnostics.CodeAnalysis;
using MlnetClip.Clipping;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>
/// How gradients are clipped between the backward pass and the optimizer: rules in the order they act. Immutable,
/// equal by value, with a text form that <see cref="Parse"/> reads back.
/// </summary>
/// <remarks>
/// Thresholds are meant for the gradient of the mean loss over batch and outputs, before weight decay.
/// Numbers are kept as float32. The norm before and after is reported at every step, also with <see cref="None"/>.
/// </remarks>
public sealed class GradientClipping : IEquatable<GradientClipping>
{
    private readonly IClippingRule[] _rules;

    internal GradientClipping(IReadOnlyList<IClippingRule> rules) => _rules = [.. rules];

    /// <summary>Leaves gradients as they are. Text: <c>none</c>.</summary>
    public static GradientClipping None { get; } = new([]);

    /// <summary>The rules in the order they act; empty for <see cref="None"/>.</summary>
    public IReadOnlyList<IClippingRule> Rules => _rules;

    /// <summary>Limits every element to the range from -<paramref name="limit"/> to <paramref name="limit"/>. Text: <c>value:0.5</c>.</summary>
    /// <param name="limit">Above 0 and finite.</param>
    /// <exception cref="ArgumentException"><paramref name="limit"/> is outside its range.</exception>
    public static GradientClipping ByValue(double limit)
    {
        new OptionErrors(Owner(nameof(ByValue))).CheckSingle(ClippingRanges.Limit, limit).ThrowIfAny();
        return Of(new ValueRule(-(float)limit, (float)limit));
    }

    /// <summary>Limits every element to the range from <paramref name="lower"/> to <paramref name="upper"/>. Text: <c>value:-0.1,0.5</c>.</summary>
    /// <param name="lower">Finite, below <paramref name="upper"/>.</param>
    /// <param name="upper">Finite.</param>
    /// <exception cref="ArgumentException">A limit is outside its range.</exception>
    public static GradientClipping ByValue(double lower, double upper)
    {
        OptionErrors errors = new OptionErrors(Owner(nameof(ByValue))).CheckSingle(ClippingRanges.Lower, lower).CheckSingle(ClippingRanges.Upper, upper);
        if ((float)lower >= (float)upper) errors.Add("lower", "must be below upper", FormattableString.Invariant($"{lower} with upper {upper}"));
        errors.ThrowIfAny();
        return Of(new ValueRule((float)lower, (float)upper));
    }

    /// <summary>
    /// One norm over all parameters of the model, and where it is above <paramref name="maxNorm"/> one scale for all of
    /// them: the direction of the step is kept. Text: <c>norm:1</c>, <c>norm:1,p=inf</c>.
    /// </summary>
    /// <param name="maxNorm">The largest norm let through, above 0 and finite.</param>
    /// <param name="normType">The order p of the norm, above 0; 2 by default; infinity for the largest magnitude.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static GradientClipping ByGlobalNorm(double maxNorm, double normType = 2) =>
        ByNorm(nameof(ByGlobalNorm), ClippingScope.Global, maxNorm, normType);

    /// <summary>
    /// <see cref="ByGlobalNorm"/>'s rule for each layer on its own: weights and biases of a layer together, the head a layer
    /// of its own. This clips gradients; it has nothing to do with layer normalisation. Text: <c>norm-layer:1</c>.
    /// </summary>
    /// <inheritdoc cref="ByGlobalNorm"/>
    public static GradientClipping ByNormPerLayer(double maxNorm, double normType = 2) =>
        ByNorm(nameof(ByNormPerLayer), ClippingScope.Layer, maxNorm, normType);

    /// <summary><see cref="ByGlobalNorm"/>'s rule for each weight matrix and each bias on its own. Text: <c>norm-tensor:1</c>.</summary>
    /// <inheritdoc cref="ByGlobalNorm"/>
    public static GradientClipping ByNormPerTensor(double maxNorm, double normType = 2) =>
        ByNorm(nameof(ByNormPerTensor), ClippingScope.Tensor, maxNorm, normType);

    /// <summary>
    /// <see cref="ByGlobalNorm"/>'s rule for each gate's rows of each tensor on their own; tensors without gates count
    /// as one. Text: <c>norm-gate:1</c>.
    /// </summary>
    /// <inheritdoc cref="ByGlobalNorm"/>
    public static GradientClipping ByNormPerGate(double maxNorm, double normType = 2) =>
        ByNorm(nameof(ByNormPerGate), ClippingScope.Gate, maxNorm, normType);

    /// <summary>A rule of your own.</summary>
    public static GradientClipping Of(IClippingRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new GradientClipping([rule]);
    }

    /// <summary>These rules, and after them those of <paramref name="next"/>.</summary>
    public GradientClipping Then(GradientClipping next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new GradientClipping([.. _rules, .. next._rules]);
    }

    /// <summary>Reads a text form, for example <c>value:5+norm:1</c>.</summary>
    /// <exception cref="SettingFormatException">The text is no such form; the message points at the offending character.</exception>
    public static GradientClipping Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ClippingText.Parse(text);
    }

    /// <summary>Reads a text form; false where <see cref="Parse"/> would throw.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out GradientClipping? clipping)
    {
        try
        {
            clipping = text is null ? null : Parse(text);
        }
        catch (SettingFormatException)
        {
            clipping = null;
        }

        return clipping is not null;
    }

    /// <summary>The text form.</summary>
    public override string ToString() => _rules.Length == 0 ? "none" : string.Join('+', _rules.Select(r => r.Text));

    /// <inheritdoc/>
    public bool Equals(GradientClipping? other) => other is not null && _rules.AsSpan().SequenceEqual(other._rules);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GradientClipping);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static string Owner(string method) => $"{nameof(GradientClipping)}.{method}";

    private static GradientClipping ByNorm(string method, ClippingScope scope, double maxNorm, double normType)
    {
        new OptionErrors(Owner(method)).CheckSingle(ClippingRanges.MaxNorm, maxNorm).CheckSingle(ClippingRanges.NormType, normType).ThrowIfAny();
        return Of(new NormRule(scope, (float)maxNorm, (float)normType));
    }
}
