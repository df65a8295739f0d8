namespace MlnetClip.Accuracy;

/// <summary>The season of a series by classical decomposition: the mean deviation from a centred moving average of a season's length.</summary>
internal static class SeasonalIndices
{
    private const double Significant = 1.645; // 90%

    /// <summary>An index for each row of a season, from the first value on; a single neutral one where there is no season.</summary>
    public static (double[] Indices, bool Multiplicative) Of(double[] values, int season)
    {
        if (season < 2 || values.Length < 2 * season || !IsSeasonal(values, season)) return ([0], false);
        if (values.Min() > 0)
        {
            double[] ratios = Indices(values, season, (value, trend) => value / trend);
            double mean = ratios.Average();
            if (ratios.Min() > 0) return ([.. ratios.Select(ratio => ratio / mean)], true);
        }

        double[] differences = Indices(values, season, (value, trend) => value - trend);
        double centre = differences.Average();
        return ([.. differences.Select(difference => difference - centre)], false);
    }

    /// <summary>Whether the autocorrelation at a season is above <c>1.645 sqrt((1 + 2 sum of the squares at shorter lags) / n)</c>.</summary>
    public static bool IsSeasonal(double[] values, int season)
    {
        double mean = values.Average(), variance = values.Sum(value => (value - mean) * (value - mean)), squares = 0;
        for (int lag = 1; lag < season; lag++) squares += Math.Pow(Correlation(lag), 2);
        return Math.Abs(Correlation(season)) > Significant * Math.Sqrt((1 + (2 * squares)) / values.Length);

        double Correlation(int lag)
        {
            double sum = 0;
            for (int i = lag; i < values.Length; i++) sum += (values[i] - mean) * (values[i - lag] - mean);
            return sum / variance;
        }
    }

    private static double[] Indices(double[] values, int season, Func<double, double, double> compare)
    {
        double[] sums = new double[season];
        int[] counts = new int[season];
        int half = season / 2;
        for (int i = half; i < values.Length - half; i++)
        {
            sums[i % season] += compare(values[i], Average(values, i, season));
            counts[i % season]++;
        }

        return [.. sums.Select((sum, i) => sum / counts[i])];
    }

    /// <summary>The centred mean over a season; where its length is even, the two values at the ends count half.</summary>
    private static double Average(double[] values, int at, int season)
    {
        int half = season / 2;
        double sum = 0;
        for (int i = at - half; i <= at + half; i++) sum += season % 2 == 0 && (i == at - half || i == at + half) ? values[i] / 2 : values[i];
        return sum / season;
    }
}
