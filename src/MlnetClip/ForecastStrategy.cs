namespace MlnetClip;

/// <summary>How a forecaster reaches the later rows of its horizon.</summary>
public enum ForecastStrategy
{
    /// <summary>The network has an output for every row of the horizon.</summary>
    Direct,

    /// <summary>
    /// The network forecasts one row; its forecast is appended to the window for the next one. Trains faster and can forecast any horizon, but errors
    /// accumulate. Not with past covariates, whose values in the horizon are not known, and not with quantiles.
    /// </summary>
    Recursive,
}
