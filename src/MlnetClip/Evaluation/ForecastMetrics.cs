namespace MlnetClip;

/// <summary>Errors of one forecaster, in the unit of the data. NaN where nothing could be evaluated.</summary>
/// <param name="Mae">Mean absolute error.</param>
/// <param name="Rmse">Root of the mean squared error.</param>
/// <param name="Mase">
/// <see cref="Mae"/> over <see cref="ForecastScores.Scale"/> (Hyndman and Koehler 2006); NaN where that scale is 0 or not known.
/// </param>
public sealed record ForecastMetrics(double Mae, double Rmse, double Mase)
{
    /// <summary>The errors to four digits, for example <c>MAE 0.527, RMSE 0.6647, MASE 0.3912</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"MAE {Mae:G4}, RMSE {Rmse:G4}, MASE {Mase:G4}");
}
