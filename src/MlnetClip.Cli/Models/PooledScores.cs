namespace MlnetClip.Cli.Models;

/// <summary>The scores of several series together: every evaluated forecast value counts the same.</summary>
internal static class PooledScores
{
    /// <summary>The pooled scores. MASE is the mean over the values of each series' own; the scale is that of a single series, else unknown.</summary>
    public static ForecastScores Of(IReadOnlyList<ForecastScores> series) => series.Count == 1 ? series[0] : new ForecastScores
    {
        Model = Pool(series, scores => scores.Model),
        LastValue = Pool(series, scores => scores.LastValue),
        SeasonalNaive = Pool(series, scores => scores.SeasonalNaive),
        SeasonalNaiveDrift = Pool(series, scores => scores.SeasonalNaiveDrift),
        Scale = double.NaN,
        Origins = series.Sum(scores => scores.Origins),
        Pairs = series.Sum(scores => scores.Pairs),
        Skipped = series.Sum(scores => scores.Skipped),
        ZeroActuals = series.Sum(scores => scores.ZeroActuals),
    };

    private static ForecastMetrics Pool(IReadOnlyList<ForecastScores> series, Func<ForecastScores, ForecastMetrics> of)
    {
        double pairs = series.Sum(scores => scores.Pairs);
        double Mean(Func<ForecastMetrics, double> value) => series.Sum(scores => scores.Pairs * value(of(scores))) / pairs;
        double defined = series.Sum(scores => scores.Pairs - scores.ZeroActuals);
        return new ForecastMetrics(Mean(metrics => metrics.Mae), Math.Sqrt(Mean(metrics => metrics.Rmse * metrics.Rmse)), Mean(metrics => metrics.Mase))
        {
            Mape = series.Where(scores => scores.Pairs > scores.ZeroActuals).Sum(scores => (scores.Pairs - scores.ZeroActuals) * of(scores).Mape) / defined,
            Smape = Mean(metrics => metrics.Smape),
        };
    }
}
