using System.Globalization;
using MlnetClip.Settings;

namespace MlnetClip.Clipping;

/// <summary>What is done to the gradient inside the backward pass through time, by the backend; the rules act afterwards.</summary>
public sealed record BackpropagationClipping
{
    internal BackpropagationClipping()
    {
    }

    /// <summary>Limit on every element of what one time step passes to the one before it; null for none.</summary>
    public float? ValueLimit { get; internal init; }

    /// <summary>Limit on the 2-norm, sequence by sequence, of what one time step passes to the one before it; null for none.</summary>
    public float? NormLimit { get; internal init; }

    /// <summary>Time steps from the end of the sequence that the gradient goes back through; null for all.</summary>
    public int? TruncateSteps { get; internal init; }

    /// <summary>Whether what passes between time steps is limited.</summary>
    internal bool HasLimit => (ValueLimit ?? NormLimit) is not null;

    /// <summary>The parts of the text form.</summary>
    internal IEnumerable<string> Texts()
    {
        if (ValueLimit is { } value) yield return $"inside:{SettingNumber.Print(value)}";
        if (NormLimit is { } norm) yield return $"inside-norm:{SettingNumber.Print(norm)}";
        if (TruncateSteps is { } steps) yield return $"truncate:{steps.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>The parts in words.</summary>
    internal IEnumerable<string> Describe()
    {
        if (ValueLimit is { } value)
            yield return $"inside:{SettingNumber.Print(value)}: in the backward pass, every element that a time step passes to the one before is limited";
        if (NormLimit is { } norm)
            yield return $"inside-norm:{SettingNumber.Print(norm)}: in the backward pass, the norm that a time step passes to the one before is limited for each sequence";
        if (TruncateSteps is { } steps) yield return $"truncate:{steps}: the gradient goes back through the last {steps} time steps only";
    }

    /// <summary>Both, or the name of the part that both set.</summary>
    internal static (BackpropagationClipping? Both, string? Conflict) Merge(BackpropagationClipping? first, BackpropagationClipping? second)
    {
        if (first is null || second is null) return (first ?? second, null);
        if (first.HasLimit && second.HasLimit) return (null, "inside");
        if (first.TruncateSteps is not null && second.TruncateSteps is not null) return (null, "truncate");
        return (new BackpropagationClipping
        {
            ValueLimit = first.ValueLimit ?? second.ValueLimit,
            NormLimit = first.NormLimit ?? second.NormLimit,
            TruncateSteps = first.TruncateSteps ?? second.TruncateSteps,
        }, null);
    }
}
