using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Output;

/// <summary>What <c>predict</c> prints with <c>--json</c>: the forecast that follows the last row.</summary>
internal sealed record PredictionReport
{
    public string Task { get; } = "forecasting";

    public required string Model { get; init; }

    public required string Value { get; init; }

    public required string Origin { get; init; }

    public required IReadOnlyList<Point> Forecast { get; init; }

    /// <summary>Rows at which a forecast was made.</summary>
    public required int Rows { get; init; }

    /// <summary>Requested rows without a forecast, because too few rows come before them or their last value is too old.</summary>
    public required int RowsWithoutForecast { get; init; }

    /// <summary>Rows from the last value to the last row; 0 where that row has a value.</summary>
    public required int LastValueAge { get; init; }

    public required string? Out { get; init; }

    /// <param name="model">The model.</param>
    /// <param name="series">The series.</param>
    /// <param name="made">The forecasts.</param>
    /// <param name="file">The CSV file that was written, or null.</param>
    public static PredictionReport Of(LoadedModel model, TimeSeries series, ForecastCount made, string? file) => new()
    {
        Model = model.Path,
        Value = series.ValueColumn,
        Origin = series.Label(series.Rows - 1),
        Forecast = [.. made.Last.Select((value, i) => new Point(series.Label(series.Rows + i), value))],
        Rows = made.Made,
        RowsWithoutForecast = made.Without + made.TooOld,
        LastValueAge = made.Age,
        Out = file,
    };

    /// <summary>A forecast value and the label of the row it is for.</summary>
    internal sealed record Point(string Label, double Value);
}
