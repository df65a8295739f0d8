using MlnetClip.Data;

namespace MlnetClip;

/// <summary>The three forecasts that need no model, over a series whose gaps are filled with the last value before them.</summary>
internal static class NaiveForecast
{
    /// <summary>The series with each missing value (NaN) replaced by the last observed one before it; NaN before the first.</summary>
    public static double[] CarryForward(ReadOnlySpan<double> series)
    {
        double[] filled = series.ToArray();
        var gaps = new LastObservation<double>();
        foreach (ref double value in filled.AsSpan()) value = gaps.Fill(value);
        return filled;
    }

    /// <summary><c>x[t]</c>.</summary>
    public static double LastValue(double[] x, int t) => x[t];

    /// <summary><c>x[t + h - k * s]</c>, <c>k = ceil(h / s)</c>; NaN if the series does not go back that far.</summary>
    public static double Seasonal(double[] x, int t, int h, int s)
    {
        long row = t + h - Seasons(h, s) * s;
        return row < 0 ? double.NaN : x[row];
    }

    /// <summary><c>x[t + h - k * s] + k * (x[t] - x[t - s])</c>; NaN if the series does not go back that far.</summary>
    public static double SeasonalDrift(double[] x, int t, int h, int s) =>
        t < s ? double.NaN : Seasonal(x, t, h, s) + Seasons(h, s) * (x[t] - x[t - s]);

    private static long Seasons(int h, int s) => ((long)h + s - 1) / s;
}
