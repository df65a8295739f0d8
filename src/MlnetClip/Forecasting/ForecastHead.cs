namespace MlnetClip.Forecasting;

/// <summary>How the outputs of the network become forecasts.</summary>
/// <param name="Strategy">How later rows of the horizon are reached.</param>
/// <param name="Quantiles">The quantile levels in ascending order, 0.5 among them; empty for a point forecast.</param>
/// <param name="NonNegative">Whether forecasts below 0 become 0.</param>
/// <param name="Interval">The interval around the forecasts; null for none.</param>
internal sealed record ForecastHead(ForecastStrategy Strategy, IReadOnlyList<float> Quantiles, bool NonNegative, ForecastInterval? Interval = null)
{
    /// <summary>A direct point forecast.</summary>
    public static ForecastHead Point { get; } = new(ForecastStrategy.Direct, [], false);

    /// <summary>Q: values that are forecast of a target, 1 without quantiles.</summary>
    public int Levels => Math.Max(1, Quantiles.Count);

    /// <summary>The number of the quantile that is the forecast.</summary>
    public int Median
    {
        get
        {
            for (int q = 0; q < Quantiles.Count; q++)
                if (Quantiles[q] == 0.5f) return q;
            return 0;
        }
    }
}
