using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Output;

/// <summary>What <c>backtest</c> prints with <c>--json</c>; docs/cli.md describes each name.</summary>
internal sealed record BacktestReport
{
    public string Task { get; } = "forecasting";

    public required IReadOnlyList<TargetFigures> Targets { get; init; }

    public required IReadOnlyList<Fold> Folds { get; init; }

    public required int Fits { get; init; }

    public required int Rows { get; init; }

    public required double Seconds { get; init; }

    public static BacktestReport Of(ForecastBacktestResult result, SeriesTable table, TimeSpan time) => new()
    {
        Targets = [.. result.ByTarget.Select(target => TargetFigures.Of(target.Key, target.Value))],
        Folds = [.. result.Folds.Select(fold => new Fold(fold.Number, fold.RowsBefore, fold.TrainingRows, fold.IsRefit, [.. fold.ByTarget.Select(target => TargetFigures.Of(target.Key, target.Value))]))],
        Fits = result.Fits,
        Rows = table.Rows,
        Seconds = Math.Round(time.TotalSeconds, 3),
    };

    /// <summary>A fold: the rows of the longest series before it, the rows that its model was trained on, whether it was trained for this fold, and the scores.</summary>
    internal sealed record Fold(int Number, int RowsBefore, int TrainingRows, bool IsRefit, IReadOnlyList<TargetFigures> Targets);
}
