namespace MlnetClip.Reports.Evaluation;

/// <summary>A row of a series.</summary>
/// <param name="Actual">Its value; NaN where it is missing.</param>
/// <param name="Time">Its time; null where the forecaster reads none.</param>
/// <param name="IsEvaluated">Whether the forecast made at the row is evaluated.</param>
/// <param name="Forecast">The forecasts of the next rows; empty where they are not evaluated.</param>
/// <param name="Low">Their lower bounds or lowest quantiles; null without any.</param>
/// <param name="High">Their upper bounds or highest quantiles; null without any.</param>
internal sealed record ForecastRow(double Actual, DateTime? Time, bool IsEvaluated, double[] Forecast, double[]? Low, double[]? High);
