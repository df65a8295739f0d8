using MlnetClip.Search.Settings;
using MlnetClip.Search.Trials;
using MlnetClip.Settings;

namespace MlnetClip.Search.Pruners;

/// <summary>
/// Asynchronous successive halving (Li, Jamieson, Rostamizadeh and others, 2018): at the steps <c>r, r*eta, r*eta^2, ...</c> a
/// trial goes on only if it is among the best <c>1/eta</c> of those that came there, itself included; while fewer than
/// <c>eta</c> have come, only if it is the best.
/// </summary>
public sealed record SuccessiveHalvingPruner : IPruner
{
    internal static readonly OptionRange[] Ranges = [new(nameof(MinResource), 1, Whole: true), new(nameof(ReductionFactor), 2, Whole: true)];

    /// <summary>Creates the pruner.</summary>
    /// <param name="minResource">The step of the first decision, 1 or more, default 1.</param>
    /// <param name="reductionFactor">eta, 2 or more, default 3.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public SuccessiveHalvingPruner(int minResource = 1, int reductionFactor = 3)
    {
        var errors = new OptionErrors(nameof(SuccessiveHalvingPruner));
        errors.Check(Ranges[0], minResource);
        errors.Check(Ranges[1], reductionFactor);
        errors.ThrowIfAny();
        MinResource = minResource;
        ReductionFactor = reductionFactor;
    }

    /// <summary>The step of the first decision.</summary>
    public int MinResource { get; }

    /// <summary>One in how many goes on.</summary>
    public int ReductionFactor { get; }

    /// <inheritdoc/>
    public bool ShouldPrune(PruneRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Step < request.MaxSteps
            && IsRung(request.Step, MinResource, ReductionFactor)
            && IsLeftBehind(request.Reports[^1], request.Others, ReductionFactor);
    }

    /// <summary>The text form.</summary>
    public override string ToString() => NamedValues.Print("halving", ("min_resource", MinResource, 1), ("reduction_factor", ReductionFactor, 3));

    internal static SuccessiveHalvingPruner Read(NamedValues text)
    {
        var pruner = new SuccessiveHalvingPruner(text.Take("min_resource", 1), text.Take("reduction_factor", 3));
        text.Close("min_resource", "reduction_factor");
        return pruner;
    }

    /// <summary>Whether the step is one of first, first * factor, first * factor^2 ...</summary>
    internal static bool IsRung(int step, long first, int factor)
    {
        long rung = first;
        while (rung < step) rung *= factor;
        return rung == step;
    }

    /// <summary>Whether a value is not among the best 1 in <paramref name="factor"/>, or the best, of all that came to its step.</summary>
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
