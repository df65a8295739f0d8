using System.Globalization;

namespace MlnetClip;

/// <summary>The results at one point: the losses by seed, and the effect of clipping.</summary>
/// <param name="Point">The point; empty for training without clipping.</param>
/// <param name="Clipping">The clipping at the point.</param>
/// <param name="Losses">The loss by seed, of the trials that were trained to the end.</param>
public sealed record CurvePoint(SearchPoint Point, GradientClipping Clipping, IReadOnlyDictionary<int, double> Losses)
{
    /// <summary>The threshold; infinity for training without clipping; null where more than a threshold is searched.</summary>
    public double? Threshold { get; init; }

    /// <summary>The failures of trials at the point, including divergence.</summary>
    public IReadOnlyList<TrialFailure> Failures { get; init; } = [];

    /// <summary>The seeds with which training diverged (<see cref="Trial.Diverged"/>). Such a fit counts as finished.</summary>
    public IReadOnlyList<int> DivergedSeeds { get; init; } = [];

    /// <summary>The mean share of steps that were clipped; NaN when no trial was trained to the end.</summary>
    public double ShareClipped { get; init; } = double.NaN;

    /// <summary>
    /// By how much the loss of the exploring trial is above that of training without clipping at the same epoch, as a share of that
    /// loss, so that pruned trials can be compared too; negative where it is lower, NaN where one of the two failed.
    /// </summary>
    public double AboveNone { get; init; } = double.NaN;

    /// <summary>Whether training is not clipped at this point.</summary>
    public bool IsNone => Point.Values.Count == 0;

    /// <summary>Whether training diverged with a seed.</summary>
    public bool Diverged => DivergedSeeds.Count > 0;

    /// <summary>Whether a trial failed for another reason than divergence: it timed out, threw an exception, or was lost.</summary>
    public bool Failed => Failures.Any(failure => failure.Kind != FailureKind.NonFinite);

    /// <summary>The number of seeds with which training finished or diverged.</summary>
    public int Seeds => Losses.Keys.Union(DivergedSeeds).Count();

    /// <summary>Mean loss over the seeds; infinite when a trial failed or diverged, or none finished.</summary>
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

    /// <summary>The results as text: <c>norm:0.3: loss 0.0577 +- 0.0069 over 2 seeds, 63% of the steps clipped</c>.</summary>
    public override string ToString() =>
        Diverged ? $"{Clipping}: diverged"
        : Failed ? $"{Clipping}: failed"
        : Losses.Count == 0 ? $"{Clipping}: stopped early"
        : string.Create(CultureInfo.InvariantCulture, $"{Clipping}: loss {Mean:G4} +- {Spread:G2} over {Losses.Count} {(Losses.Count == 1 ? "seed" : "seeds")}, {100 * ShareClipped:F0}% of the steps clipped");
}
