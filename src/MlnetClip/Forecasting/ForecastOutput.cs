using System.Globalization;

namespace MlnetClip.Forecasting;

/// <summary>What a column of a forecaster holds: a value for each row of the horizon.</summary>
/// <param name="Column">Its name.</param>
/// <param name="Target">The target, from 0.</param>
/// <param name="Kind">What the values are.</param>
/// <param name="Quantile">For <see cref="ForecastValue.Quantile"/>: which one, from 0.</param>
internal sealed record ForecastOutput(string Column, int Target, ForecastValue Kind, int Quantile = 0)
{
    /// <summary>
    /// The columns of a forecaster. With one target: the forecast, a column <c>Forecast.q0.1</c> for each quantile, and the bounds. With several targets
    /// each has its own, with its name appended: <c>Forecast.Load</c>, <c>Forecast.Load.q0.1</c>, <c>Lower.Load</c>.
    /// </summary>
    /// <param name="name">The output column of the options.</param>
    /// <param name="targets">The target columns.</param>
    /// <param name="quantiles">The quantile levels; empty for a point forecast.</param>
    /// <param name="lower">The column for the lower bound; null for none.</param>
    /// <param name="upper">The column for the upper bound; null for none.</param>
    public static ForecastOutput[] Columns(string name, IReadOnlyList<string> targets, IReadOnlyList<float> quantiles, string? lower, string? upper)
    {
        var columns = new List<ForecastOutput>();
        for (int k = 0; k < targets.Count; k++)
        {
            string suffix = targets.Count == 1 ? "" : $".{targets[k]}";
            columns.Add(new(name + suffix, k, ForecastValue.Value));
            for (int q = 0; q < quantiles.Count; q++)
                columns.Add(new($"{name}{suffix}.q{quantiles[q].ToString(CultureInfo.InvariantCulture)}", k, ForecastValue.Quantile, q));
            if (lower is not null) columns.Add(new(lower + suffix, k, ForecastValue.LowerBound));
            if (upper is not null) columns.Add(new(upper + suffix, k, ForecastValue.UpperBound));
        }

        return [.. columns];
    }
}
