using System.Globalization;

namespace MlnetClip.Clipping;

/// <summary>What is done to the gradient inside the backward pass through time, by the backend; the rules act afterwards.</summary>
public sealed record BackpropagationClipping
{
    private readonly ThresholdSchedule? _limit;
    private readonly bool _byNorm;
    private ClippingStep _step;

    /// <summary>Nothing but what is given.</summary>
    internal BackpropagationClipping(ThresholdSchedule? limit = null, bool byNorm = false, int? truncateSteps = null) =>
        (_limit, _byNorm, TruncateSteps) = (limit, byNorm, truncateSteps);

    /// <summary>Limit in force on every element of what one time step passes to the one before it; null for none.</summary>
    public float? ValueLimit => _byNorm ? null : (float?)_limit?.At(_step);

    /// <summary>Limit in force on the 2-norm, sequence by sequence, of what one time step passes to the one before it; null for none.</summary>
    public float? NormLimit => _byNorm ? (float?)_limit?.At(_step) : null;

    /// <summary>Time steps from the end of the sequence that the gradient goes back through; null for all.</summary>
    public int? TruncateSteps { get; }

    /// <summary>Whether what passes between time steps is limited.</summary>
    internal bool HasLimit => _limit is not null;

    /// <summary>The same settings, for one fit to move along its schedule.</summary>
    internal BackpropagationClipping ForOneFit() => new(_limit, _byNorm, TruncateSteps);

    /// <summary>Brings the limit in force to a step; for the fit's own copy.</summary>
    internal void MoveTo(in ClippingStep step) => _step = step;

    /// <summary>The parts of the text form.</summary>
    internal IEnumerable<string> Texts()
    {
        if (_limit is not null) yield return $"{(_byNorm ? "inside-norm" : "inside")}:{_limit}";
        if (TruncateSteps is { } steps) yield return $"truncate:{steps.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>The parts in words.</summary>
    internal IEnumerable<string> Describe()
    {
        if (_limit is not null)
        {
            yield return _byNorm
                ? $"inside-norm:{_limit}: in the backward pass, the norm that a time step passes to the one before is limited for each sequence"
                : $"inside:{_limit}: in the backward pass, every element that a time step passes to the one before is limited";
        }

        if (TruncateSteps is { } steps) yield return $"truncate:{steps}: the gradient goes back through the last {steps} time steps only";
    }

    /// <summary>Both, or the name of the part that both set.</summary>
    internal static (BackpropagationClipping? Both, string? Conflict) Merge(BackpropagationClipping? first, BackpropagationClipping? second)
    {
        if (first is null || second is null) return (first ?? second, null);
        if (first.HasLimit && second.HasLimit) return (null, "inside");
        if (first.TruncateSteps is not null && second.TruncateSteps is not null) return (null, "truncate");
        BackpropagationClipping limited = first.HasLimit ? first : second;
        return (new BackpropagationClipping(limited._limit, limited._byNorm, first.TruncateSteps ?? second.TruncateSteps), null);
    }
}
