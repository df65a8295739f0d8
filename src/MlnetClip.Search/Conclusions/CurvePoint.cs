using System.Globalization;
using MlnetClip.Search.Spaces;

namespace MlnetClip.Search.Conclusions;

/// <summary>What was found at one point: the losses by seed, and what clipping did there.</summary>
/// <param name="Point">The point; empty for training without clipping.</param>
/// <param name="Clipping">The clipping's text form.</param>
/// <param name="Losses">The loss by seed, of the trials that ran to their end.</param>
public sealed record CurvePoint(SearchPoint Point, string Clipping, IReadOnlyDictionary<int, double> Losses)
{
    /// <summary>The threshold; infinity for training without clipping; null where more than a threshold is searched.</summary>
    public double? Threshold { get; init; }

    /// <summary>Trials that failed there, for whatever reason.</summary>
    public int Failures { get; init; }

    /// <summary>
    /// Those of <see cref="Failures"/> whose loss or gradient was not finite. Only they say something about clipping: one that took too long or
    /// threw does not. Without clipping it counts too that steps had to be left out.
    /// </summary>
    public int Diverged { get; init; }

    /// <summary>The mean share of steps that were clipped; NaN when no trial ran to its end.</summary>
    public double ShareClipped { get; init; } = double.NaN;

    /// <summary>
    /// By how much the loss of the exploring trial is above that of training without clipping at the same epoch, as a part of that
    /// loss, so that pruned trials can be compared too; below 0 where it is less, NaN where one of the two failed.
    /// </summary>
    public double AboveNone { get; init; } = double.NaN;

    /// <summary>Whether training is not clipped at this point.</summary>
    public bool IsNone => Point.Values.Count == 0;

    /// <summary>Mean loss over the seeds; infinite where a trial failed or diverged, or none ran to its end.</summary>
    public double Mean => Failures > 0 || Diverged > 0 || Losses.Count == 0 ? double.PositiveInfinity : Losses.Values.Average();

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
        Diverged > 0 ? $"{Clipping}: diverged"
        : Failures > 0 ? $"{Clipping}: failed"
        : Losses.Count == 0 ? $"{Clipping}: stopped early"
        : string.Create(CultureInfo.InvariantCulture, $"{Clipping}: loss {Mean:G4} +- {Spread:G2} over {Losses.Count} seeds, {100 * ShareClipped:F0}% of the steps clipped");
}
