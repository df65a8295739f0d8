using MlnetClip.Cli.Models;
using MlnetClip.Cli.Series;

namespace MlnetClip.Cli.Output;

/// <summary>What <c>predict</c> prints with <c>--json</c>: the forecast that follows the last row.</summary>
internal sealed record PredictionReport
{
    public string Task { get; } = "forecasting";

    public required string Model { get; init; }

    public required string Value { get; init; }

    public required string Origin { get; init; }

    public required IReadOnlyList<Point> Forecast { get; init; }

    public required int Rows { get; init; }

    public required string? Out { get; init; }

    public static PredictionReport Of(LoadedModel model, TimeSeries series, Forecasts forecasts, string? file)
    {
        int last = forecasts.First + forecasts.Count - 1;
        return new PredictionReport
        {
            Model = model.Path,
            Value = series.ValueColumn,
            Origin = series.Label(last),
            Forecast = [.. forecasts.At(forecasts.Count - 1).ToArray().Select((value, i) => new Point(series.Label(last + i + 1), value))],
            Rows = forecasts.Count,
            Out = file,
        };
    }

    /// <summary>A forecast value and the label of the row it is for.</summary>
    internal sealed record Point(string Label, float Value);
}
