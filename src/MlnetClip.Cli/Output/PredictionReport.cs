using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Output;

/// <summary>What <c>predict</c> prints with <c>--json</c>: the forecast that follows the last row of each series.</summary>
internal sealed record PredictionReport
{
    public string Task { get; } = "forecasting";

    public required string Model { get; init; }

    public required string Value { get; init; }

    public required string Origin { get; init; }

    public required IReadOnlyList<Point> Forecast { get; init; }

    /// <summary>The same of every series, with all columns of the model.</summary>
    public required IReadOnlyList<SeriesForecast> Series { get; init; }

    /// <summary>Rows at which a forecast was made.</summary>
    public required int Rows { get; init; }

    /// <summary>Requested rows without a forecast, because too few rows come before them or their last value is too old.</summary>
    public required int RowsWithoutForecast { get; init; }

    /// <summary>Rows from the last value to the last row; 0 where that row has a value.</summary>
    public required int LastValueAge { get; init; }

    public required string? Out { get; init; }

    /// <param name="model">The model.</param>
    /// <param name="table">The rows.</param>
    /// <param name="made">The forecasts of each series; at least one was made.</param>
    /// <param name="file">The CSV file that was written, or null.</param>
    public static PredictionReport Of(LoadedModel model, SeriesTable table, ForecastCount[] made, string? file)
    {
        var columns = new ForecastColumns(model.Forecaster);
        SeriesForecast[] series = [.. made.Where(count => count.Made > 0).Select(count => SeriesForecast.Of(count, columns))];
        ForecastCount first = made.First(count => count.Made > 0);
        return new PredictionReport
        {
            Model = model.Path,
            Value = table.Columns.Targets[0],
            Origin = series[0].Origin,
            Forecast = [.. first.Last[0].Select((value, i) => new Point(first.Series.Label(first.Row + 1 + i), value))],
            Series = series,
            Rows = made.Sum(count => count.Made),
            RowsWithoutForecast = made.Sum(count => count.Without + count.TooOld),
            LastValueAge = first.Age,
            Out = file,
        };
    }

    /// <summary>A forecast value and the label of the row it is for.</summary>
    internal sealed record Point(string Label, double Value);

    /// <summary>The last forecast of a series: its name, or null; the labels of the rows that are forecast, and their values by column.</summary>
    internal sealed record SeriesForecast(string? Name, string Origin, IReadOnlyList<string> Labels, IReadOnlyDictionary<string, IReadOnlyList<double>> Values)
    {
        public static SeriesForecast Of(ForecastCount made, ForecastColumns columns) => new(
            made.Series.Name, made.Series.Label(made.Row), [.. made.Last[0].Select((_, i) => made.Series.Label(made.Row + 1 + i))],
            columns.Headers.Zip(made.Last).ToDictionary(column => column.First, column => column.Second));
    }
}
