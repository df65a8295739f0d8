using MlnetClip.Search.Pruners;
using MlnetClip.Search.Settings;
using MlnetClip.Settings;

namespace MlnetClip;

/// <summary>
/// Hyperband (Li, Jamieson, DeSalvo and others, 2017) over successive halving: trials are assigned to brackets, which begin
/// halving at 1, eta, eta^2 ... times the first step, and are compared within their bracket. This hedges against early values that are misleading.
/// </summary>
public sealed record HyperbandPruner : IPruner
{
    internal static readonly OptionRange[] Ranges = SuccessiveHalvingPruner.Ranges;

    /// <summary>Creates the pruner.</summary>
    /// <param name="minResource">The step of the first decision in the first bracket, 1 or more, default 1.</param>
    /// <param name="reductionFactor">eta, 2 or more, default 3.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public HyperbandPruner(int minResource = 1, int reductionFactor = 3)
    {
        var errors = new OptionErrors(nameof(HyperbandPruner));
        errors.Check(Ranges[0], minResource);
        errors.Check(Ranges[1], reductionFactor);
        errors.ThrowIfAny();
        MinResource = minResource;
        ReductionFactor = reductionFactor;
    }

    /// <summary>The step of the first decision in the first bracket.</summary>
    public int MinResource { get; }

    /// <summary>The reduction factor eta: one trial in eta continues.</summary>
    public int ReductionFactor { get; }

    /// <inheritdoc/>
    public bool ShouldPrune(PruneRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        int brackets = CountBrackets(request.MaxSteps);
        int bracket = Bracket(request.Number, brackets);
        long first = MinResource * (long)Math.Pow(ReductionFactor, bracket);
        return request.Step < request.MaxSteps
            && SuccessiveHalvingPruner.IsRung(request.Step, first, ReductionFactor)
            && SuccessiveHalvingPruner.IsLeftBehind(
                request.Reports[^1], request.Others.Where(other => Bracket(other.Number, brackets) == bracket), ReductionFactor);
    }

    /// <summary>The text form.</summary>
    public override string ToString() => NamedValues.Print("hyperband", ("min_resource", MinResource, 1), ("reduction_factor", ReductionFactor, 3));

    internal static HyperbandPruner Read(NamedValues text)
    {
        var pruner = new HyperbandPruner(text.Take("min_resource", 1), text.Take("reduction_factor", 3));
        text.Close("min_resource", "reduction_factor");
        return pruner;
    }

    /// <summary>The number of brackets: how often the first step can be multiplied without exceeding the last one, plus the bracket without halving.</summary>
    internal int CountBrackets(int maxSteps)
    {
        int brackets = 1;
        for (long step = MinResource; step < maxSteps; step *= ReductionFactor) brackets++;
        return brackets;
    }

    /// <summary>
    /// The bracket of a trial. In each round, bracket <c>b</c> of <c>n</c> gets <c>n - b</c> trials: the brackets that stop most
    /// trials early get the most trials, because each costs the least.
    /// </summary>
    internal static int Bracket(int number, int brackets)
    {
        int turn = number % (brackets * (brackets + 1) / 2);
        for (int round = brackets; ; round--)
        {
            if (turn < round) return turn;
            turn -= round;
        }
    }
}
