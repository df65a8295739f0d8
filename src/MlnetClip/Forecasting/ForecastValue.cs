namespace MlnetClip.Forecasting;

/// <summary>What the values of a forecast column are.</summary>
internal enum ForecastValue
{
    /// <summary>The forecast: the median with quantiles.</summary>
    Value,

    /// <summary>A quantile.</summary>
    Quantile,

    /// <summary>The lower bound of the interval.</summary>
    LowerBound,

    /// <summary>The upper bound of the interval.</summary>
    UpperBound,
}
