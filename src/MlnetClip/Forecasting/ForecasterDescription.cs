using MlnetClip.Data;

namespace MlnetClip.Forecasting;

/// <summary>What decides a forecaster's columns, apart from the network.</summary>
/// <param name="Columns">The columns that it reads.</param>
/// <param name="OutputColumnName">The output column of the options.</param>
/// <param name="LowerBoundColumn">The column for the lower bound of the interval; null for none.</param>
/// <param name="UpperBoundColumn">The column for the upper bound of the interval; null for none.</param>
/// <param name="Calendar">The calendar features of the time column.</param>
/// <param name="UnseenSeries">What is done with a series that was not in the training data.</param>
internal sealed record ForecasterDescription(
    ForecastColumns Columns, string OutputColumnName, string? LowerBoundColumn = null, string? UpperBoundColumn = null,
    CalendarFeatures Calendar = CalendarFeatures.None, UnseenSeries UnseenSeries = UnseenSeries.Average)
{
    /// <summary>The columns that are appended.</summary>
    public ForecastOutput[] Outputs(IReadOnlyList<float> quantiles) =>
        ForecastOutput.Columns(OutputColumnName, Columns.Targets, quantiles, LowerBoundColumn, UpperBoundColumn);
}
