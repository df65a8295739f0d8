namespace MlnetClip;

/// <summary>Errors of one forecaster. NaN where nothing could be evaluated.</summary>
/// <param name="Mae">Mean absolute error, in the unit of the data.</param>
/// <param name="Rmse">Root of the mean squared error, in the unit of the data.</param>
/// <param name="Mase">
/// <see cref="Mae"/> over <see cref="ForecastScores.Scale"/> (Hyndman and Koehler 2006); with several series, the mean of the absolute errors, each divided by
/// the scale of its series. NaN where there is no scale, or where it is 0.
/// </param>
public sealed record ForecastMetrics(double Mae, double Rmse, double Mase)
{
    /// <summary>
    /// Mean absolute percentage error, as a share: 0.05 is 5%. It is not defined where the actual value is 0; such pairs are left out
    /// (<see cref="ForecastScores.ZeroActuals"/>). NaN where all actual values are 0.
    /// </summary>
    public double Mape { get; init; } = double.NaN;

    /// <summary>
    /// Symmetric mean absolute percentage error, from 0 to 2: the mean of <c>2 |forecast - actual| / (|forecast| + |actual|)</c> (Makridakis 1993); 0 where both are 0.
    /// </summary>
    public double Smape { get; init; } = double.NaN;

    /// <summary>The errors to four digits, for example <c>MAE 0.527, RMSE 0.6647, MASE 0.3912</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"MAE {Mae:G4}, RMSE {Rmse:G4}, MASE {Mase:G4}");
}
