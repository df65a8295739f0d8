namespace MlnetClip.Cli.Output;

/// <summary>The scores of one target in JSON: its column, its errors and those of the naive forecasts, by step of the horizon too, and how good quantiles and bounds are; null without them.</summary>
internal sealed record TargetFigures(
    string Target, ForecastMetrics Metrics, ForecastingReport.BaselineMetrics Baselines, int Origins, long Pairs, long Skipped, IReadOnlyList<double> RmseByStep,
    IReadOnlyList<TargetFigures.QuantileFigures>? Quantiles, double? Coverage, double? MeanWidth)
{
    public static TargetFigures Of(string target, ForecastScores scores) => new(
        target, scores.Model, new(scores.LastValue, scores.SeasonalNaive, scores.SeasonalNaiveDrift), scores.Origins, scores.Pairs, scores.Skipped,
        [.. scores.ByStep.Select(step => step.Model.Rmse)],
        scores.Quantiles.Count == 0 ? null : [.. scores.Quantiles.Select(quantile => new QuantileFigures(quantile.Level, quantile.PinballLoss, quantile.ShareBelow))],
        scores.Interval?.Coverage, scores.Interval?.MeanWidth);

    /// <summary>The level of a quantile, its mean pinball loss, and the share of values at or below it.</summary>
    internal sealed record QuantileFigures(double Level, double PinballLoss, double ShareBelow);
}
