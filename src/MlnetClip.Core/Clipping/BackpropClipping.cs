using System.Globalization;
using MlnetClip.Clipping;
using MlnetClip.Training;

namespace MlnetClip;

/// <summary>Limits on the gradient inside the backward pass through time. The backend applies them; the rules run afterwards.</summary>
public sealed record BackpropClipping
{
    private readonly Schedule? _limit;
    private readonly bool _byNorm;

    internal BackpropClipping(Schedule? limit = null, bool byNorm = false, int? truncateSteps = null) =>
        (_limit, _byNorm, TruncateSteps) = (limit, byNorm, truncateSteps);

    /// <summary>The limits in force at a step.</summary>
    public BackpropLimits At(in ClippingStep step)
    {
        var limit = (float?)_limit?.At(step);
        return _byNorm ? new(Norm: limit, TruncateSteps: TruncateSteps) : new(Value: limit, TruncateSteps: TruncateSteps);
    }

    /// <summary>The number of time steps, from the end of the sequence, that the gradient is propagated through; null for all.</summary>
    public int? TruncateSteps { get; }

    /// <summary>Whether gradients propagated between time steps are limited.</summary>
    internal bool HasLimit => _limit is not null;

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
                ? $"inside-norm:{_limit}: in the backward pass, the norm of the gradient propagated to the previous time step is limited for each sequence"
                : $"inside:{_limit}: in the backward pass, every element of the gradient propagated to the previous time step is limited";
        }

        if (TruncateSteps is { } steps) yield return $"truncate:{steps}: the gradient is propagated through the last {steps} time steps only";
    }

    /// <summary>Merges two settings; returns the name of the part that both set, if there is one.</summary>
    internal static (BackpropClipping? Both, string? Conflict) Merge(BackpropClipping? first, BackpropClipping? second)
    {
        if (first is null || second is null) return (first ?? second, null);
        if (first.HasLimit && second.HasLimit) return (null, "inside");
        if (first.TruncateSteps is not null && second.TruncateSteps is not null) return (null, "truncate");
        BackpropClipping limited = first.HasLimit ? first : second;
        return (new BackpropClipping(limited._limit, limited._byNorm, first.TruncateSteps ?? second.TruncateSteps), null);
    }
}
