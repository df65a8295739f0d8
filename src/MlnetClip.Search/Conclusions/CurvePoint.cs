using System.Globalization;

namespace MlnetClip;

/// <summary>What was found at one point: the losses by seed, and what clipping did there.</summary>
/// <param name="Point">The point; empty for training without clipping.</param>
/// <param name="Clipping">The clipping there.</param>
/// <param name="Losses">The loss by seed, of the trials that ran to their end.</param>
public sealed record CurvePoint(SearchPoint Point, GradientClipping Clipping, IReadOnlyDictionary<int, double> Losses)
{
    /// <summary>The threshold; infinity for training without clipping; null where more than a threshold is searched.</summary>
    public double? Threshold { get; init; }

    /// <summary>How each trial failed that failed there, divergence included.</summary>
    public IReadOnlyList<TrialFailure> Failures { get; init; } = [];

    /// <summary>The seeds with which training diverged (<see cref="Trial.Diverged"/>). Such a fit counts as ended.</summary>
    public IReadOnlyList<int> DivergedSeeds { get; init; } = [];

    /// <summary>The mean share of steps that were clipped; NaN when no trial ran to its end.</summary>
    public double ShareClipped { get; init; } = double.NaN;

    /// <summary>
    /// By how much the loss of the exploring trial is above that of training without clipping at the same epoch, as a part of that
    /// loss, so that pruned trials can be compared too; below 0 where it is less, NaN where one of the two failed.
    /// </summary>
    public double AboveNone { get; init; } = double.NaN;

    /// <summary>Whether training is not clipped at this point.</summary>
    public bool IsNone => Point.Values.Count == 0;

    /// <summary>Whether training diverged with a seed.</summary>
    public bool Diverged => DivergedSeeds.Count > 0;

    /// <summary>Whether a trial failed in another way than by divergence: it took too long, threw, or was lost.</summary>
    public bool Failed => Failures.Any(failure => failure.Kind != FailureKind.NonFinite);

    /// <summary>Seeds with which training ran to its end or diverged.</summary>
    public int Seeds => Losses.Keys.Union(DivergedSeeds).Count();

    /// <summary>Mean loss over the seeds; infinite where a trial failed or diverged, or none ran to its end.</summary>
    public double Mean => Failed || Diverged || Losses.Count == 0 ? double.PositiveInfinity : Losses.Values.Average();

    /// <summary>Standard deviation of the loss over the seeds; 0 with fewer than two.</summary>
    public double Spread
    {
        get
        {
            if (Losses.Count < 2) return 0;
            double mean = Losses.Values.Average();
            return Math.Sqrt(Losses.Values.Sum(loss => (loss - mean) * (loss - mean)) / (Losses.Count - 1));
        }
    }

    /// <summary>What was found, in words: <c>norm:0.3: loss 0.0577 +- 0.0069 over 2 seeds, 63% of the steps clipped</c>.</summary>
    public override string ToString() =>
        Diverged ? $"{Clipping}: diverged"
        : Failed ? $"{Clipping}: failed"
        : Losses.Count == 0 ? $"{Clipping}: stopped early"
        : string.Create(CultureInfo.InvariantCulture, $"{Clipping}: loss {Mean:G4} +- {Spread:G2} over {Losses.Count} {(Losses.Count == 1 ? "seed" : "seeds")}, {100 * ShareClipped:F0}% of the steps clipped");
}
