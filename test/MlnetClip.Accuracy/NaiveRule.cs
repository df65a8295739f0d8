namespace MlnetClip.Accuracy;

/// <summary>A rule that needs no fit.</summary>
/// <param name="name">What the table calls it.</param>
/// <param name="rule">The forecast of h rows after row t.</param>
internal sealed class NaiveRule(string name, Func<AccuracySeries, int, int, double> rule) : IForecaster
{
    /// <summary>The last value; the last season; the last season plus the change over it; the last value plus the mean change since the first value.</summary>
    public static IReadOnlyList<NaiveRule> All { get; } =
    [
        new("last value", (series, t, _) => NaiveForecast.LastValue(series.Filled, t)),
        new("seasonal", (series, t, h) => NaiveForecast.Seasonal(series.Filled, t, h, series.Season)),
        new("seasonal, drift", (series, t, h) => NaiveForecast.SeasonalDrift(series.Filled, t, h, series.Season)),
        new("drift", (series, t, h) => Drift(series.Filled, t, h)),
    ];

    public string Name => name;

    public double[,] Forecast(AccuracySeries series, int seed) =>
        Origins.Fill(series, (t, to) =>
        {
            for (int h = 0; h < to.Length; h++) to[h] = rule(series, t, h + 1);
        });

    /// <summary><c>x[t] + h (x[t] - x[f]) / (t - f)</c>, where f is the first row with a value.</summary>
    public static double Drift(double[] x, int t, int h)
    {
        int first = Array.FindIndex(x, value => !double.IsNaN(value));
        return first >= t ? double.NaN : x[t] + (h * (x[t] - x[first]) / (t - first));
    }
}
