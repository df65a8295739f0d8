namespace MlnetClip;

/// <summary>How good the forecasts of a quantile are. NaN where nothing could be evaluated.</summary>
/// <param name="Level">The level, above 0 and below 1.</param>
/// <param name="PinballLoss">
/// The mean pinball loss, in the unit of the data: with d = actual - quantile, the mean of <c>max(level d, (level - 1) d)</c> (Koenker and Bassett 1978). Half the mean
/// absolute error at the level 0.5.
/// </param>
/// <param name="ShareBelow">The share of actual values at or below the quantile; near <paramref name="Level"/> for a good forecast.</param>
/// <param name="Pairs">Pairs of quantile and actual value that were evaluated.</param>
/// <param name="Skipped">Quantiles that are missing or not finite where the forecast is finite.</param>
public sealed record QuantileScores(double Level, double PinballLoss, double ShareBelow, long Pairs, long Skipped)
{
    /// <summary>The figures in a line.</summary>
    public override string ToString() => FormattableString.Invariant($"quantile {Level:G}: pinball loss {PinballLoss:G4}, {ShareBelow:P1} of the values at or below it")
        + (Skipped == 0 ? "" : FormattableString.Invariant($", {Skipped} excluded as not finite"));
}
