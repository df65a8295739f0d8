namespace MlnetClip;

/// <summary>How good the bounds around the forecasts are. NaN where nothing could be evaluated.</summary>
/// <param name="Coverage">The share of actual values from the lower to the upper bound, both included; near the confidence level for good bounds.</param>
/// <param name="MeanWidth">The mean of upper minus lower bound, in the unit of the data: of two pairs of bounds with the same coverage, the narrower ones say more.</param>
/// <param name="Pairs">Pairs of bounds and actual value that were evaluated.</param>
/// <param name="Skipped">Pairs of bounds that are missing or not finite where the forecast is finite.</param>
public sealed record IntervalScores(double Coverage, double MeanWidth, long Pairs, long Skipped)
{
    /// <summary>The figures in a line.</summary>
    public override string ToString() => FormattableString.Invariant($"{Coverage:P1} of the values between the bounds, mean width {MeanWidth:G4}")
        + (Skipped == 0 ? "" : FormattableString.Invariant($", {Skipped} excluded as not finite"));
}
