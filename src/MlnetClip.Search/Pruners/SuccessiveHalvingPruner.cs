using MlnetClip.Search.Pruners;
using MlnetClip.Search.Settings;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>
/// Asynchronous successive halving (Li, Jamieson, Rostamizadeh and others, 2018): at the steps <c>r, r*eta, r*eta^2, ...</c> a
/// trial continues only if it is among the best <c>1/eta</c> of those that reached the step, itself included; while fewer than
/// <c>eta</c> have reached it, only if it is the best. <c>r</c> is a number of steps or a share of the whole fit, whichever is later.
/// </summary>
public sealed record SuccessiveHalvingPruner : IPruner
{
    internal static readonly OptionRange[] Ranges =
    [
        new(nameof(MinResource), 1, Whole: true),
        new(nameof(ReductionFactor), 2, Whole: true),
        new(nameof(MinShare), 0, 1, MaximumLegal: false),
        new(nameof(Rungs), 1, Whole: true),
    ];

    /// <summary>Creates the pruner.</summary>
    /// <param name="minResource">The step of the first decision, 1 or more, default 1.</param>
    /// <param name="reductionFactor">eta, 2 or more, default 3.</param>
    /// <param name="minShare">The share of a whole fit before the first decision, 0 or more and below 1, default 0; useful when early values are misleading.</param>
    /// <param name="rungs">The largest number of decisions, 1 or more; unlimited by default.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public SuccessiveHalvingPruner(int minResource = 1, int reductionFactor = 3, float minShare = 0, int rungs = int.MaxValue)
    {
        var errors = new OptionErrors(nameof(SuccessiveHalvingPruner));
        errors.Check(Ranges[0], minResource);
        errors.Check(Ranges[1], reductionFactor);
        errors.Check(Ranges[2], minShare);
        errors.Check(Ranges[3], rungs);
        errors.ThrowIfAny();
        MinResource = minResource;
        ReductionFactor = reductionFactor;
        MinShare = minShare;
        Rungs = rungs;
    }

    /// <summary>The smallest step of the first decision.</summary>
    public int MinResource { get; }

    /// <summary>The share of a whole fit before the first decision.</summary>
    public float MinShare { get; }

    /// <summary>The largest number of decisions.</summary>
    public int Rungs { get; }

    /// <summary>The reduction factor eta: one trial in eta continues.</summary>
    public int ReductionFactor { get; }

    /// <inheritdoc/>
    public bool ShouldPrune(PruneRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        long first = Math.Max(MinResource, (long)Math.Ceiling((double)MinShare * request.MaxSteps));
        return request.Step < request.MaxSteps
            && IsRung(request.Step, first, ReductionFactor, Rungs)
            && IsLeftBehind(request.Reports[^1], request.Others, ReductionFactor);
    }

    /// <summary>The text form.</summary>
    public override string ToString() => NamedValues.Print("halving", ("min_resource", MinResource, 1), ("reduction_factor", ReductionFactor, 3),
        ("min_share", MinShare, 0), ("rungs", Rungs, int.MaxValue));

    internal static SuccessiveHalvingPruner Read(NamedValues text)
    {
        var pruner = new SuccessiveHalvingPruner(
            text.Take("min_resource", 1), text.Take("reduction_factor", 3), text.Take("min_share", 0f), text.Take("rungs", int.MaxValue));
        text.Close("min_resource", "reduction_factor", "min_share", "rungs");
        return pruner;
    }

    /// <summary>Whether a decision is made at the step: one of first, first * factor, first * factor^2 ..., up to the number of rungs.</summary>
    internal static bool IsRung(int step, long first, int factor, int rungs = int.MaxValue)
    {
        long rung = first;
        for (; rung < step && rungs > 1; rungs--) rung *= factor;
        return rung == step;
    }

    /// <summary>Whether a value is neither the best nor among the best 1 in <paramref name="factor"/> of all values at its step.</summary>
    internal static bool IsLeftBehind(TrialReport report, IEnumerable<PastTrial> others, int factor)
    {
        int came = 1, better = 0;
        foreach (PastTrial other in others)
        {
            if (other.ValueAt(report.Step) is not { } value) continue;
            came++;
            if (value < report.Value) better++;
        }

        return better >= Math.Max(1, came / factor);
    }
}
