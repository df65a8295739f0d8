namespace MlnetClip.Forecasting;

/// <summary>
/// Intervals by split conformal prediction (Lei et al. 2018; with quantiles, Romano, Patterson and Candès 2019): the margin at each step of the horizon is the
/// <c>ceil((n + 1) level)</c>-th smallest of the n validation errors at that step, in the unit of the scaling.
/// </summary>
/// <param name="Level">The share of values that the interval is to contain, above 0 and below 1.</param>
/// <param name="Margins">The margin beyond the forecast, or beyond the lowest and the highest quantile, [K][H]; may be negative with quantiles.</param>
internal sealed record ForecastInterval(float Level, double[][] Margins)
{
    /// <summary>The fewest errors of which the margin of a level is one; with fewer, the largest error is taken.</summary>
    public static int Needed(float level) => (int)Math.Ceiling((decimal)level / (1 - (decimal)level));

    /// <summary>The margin for some errors.</summary>
    /// <param name="errors">The errors, at least one; sorted in place.</param>
    /// <param name="level">The level.</param>
    public static double Margin(double[] errors, float level)
    {
        Array.Sort(errors);
        int rank = (int)Math.Ceiling((errors.Length + 1) * (decimal)level);
        return errors[Math.Clamp(rank, 1, errors.Length) - 1];
    }
}
