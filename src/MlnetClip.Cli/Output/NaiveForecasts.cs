using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Output;

/// <summary>The naive forecasts that a model is compared with, and whether there are enough forecasts to conclude something.</summary>
internal static class NaiveForecasts
{
    /// <summary>Forecasts that do not overlap, below which a comparison is called chance.</summary>
    private const int FewestApart = 5;

    /// <summary>The names of the naive forecasts, and their scores.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="season">Rows of a season. One of a single row is the last value.</param>
    public static (string Name, ForecastMetrics Metrics)[] Of(ForecastScores scores, int season) => season == 1
        ? [("last value", scores.LastValue), ("last value plus its change", scores.SeasonalNaiveDrift)]
        : [("last value", scores.LastValue), ($"last season ({Figures.Count(season)} rows)", scores.SeasonalNaive), ("last season plus its change", scores.SeasonalNaiveDrift)];

    /// <summary>The naive forecast with the smallest root mean square error.</summary>
    /// <inheritdoc cref="Of"/>
    public static (string Name, ForecastMetrics Metrics) Best(ForecastScores scores, int season) => Of(scores, season).MinBy(naive => naive.Metrics.Rmse);

    /// <summary>Why it cannot be told which of two forecasts is better, as the end of a sentence; null where there are enough forecasts that do not overlap.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="series">The number of series, at least 1.</param>
    public static string? TooFew(ForecastScores scores, int series)
    {
        int horizon = Math.Max(1, scores.ByStep.Count);
        long origins = scores.Origins, apart = Math.Max(Math.Min(series, origins), (origins + horizon - 1) / horizon);
        if (apart >= FewestApart) return null;
        string few = origins == 1 ? "there is only one forecast"
            : apart == origins ? $"there are only {apart} forecasts"
            : apart <= 1 ? "all of these forecasts overlap"
            : $"at most {apart} forecasts can be chosen that do not overlap";
        return $"but {few}: too few to tell which is better.";
    }

    /// <summary>Whether a naive forecast has a lower root mean square error than the model, or the model's is not finite; null where there are too few forecasts to tell.</summary>
    public static bool? IsBetter(ModelEvaluation evaluation) => TooFew(evaluation.Scores, evaluation.Protocol.Table.Series.Count) is not null
        ? null
        : !(evaluation.Scores.Model.Rmse <= Best(evaluation.Scores, evaluation.Protocol.Season).Metrics.Rmse);
}
