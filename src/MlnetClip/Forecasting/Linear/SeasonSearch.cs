using MlnetClip.Data;

namespace MlnetClip.Forecasting;

/// <summary>Finds the number of rows after which a series repeats itself best.</summary>
internal static class SeasonSearch
{
    private const int MostRows = 20_000, MostSeries = 20, Shortest = 3;

    /// <summary>
    /// The lag with the smallest mean squared change among those whose neighbours have larger ones, from 3 rows to the longest; 0 for none. Changes are divided by
    /// a series' scale, and only the first target and the last rows of training count.
    /// </summary>
    public static int Find(IEnumerable<(Series Series, int End, double Scale)> series, int longest)
    {
        var changes = new double[longest + 2];
        foreach ((Series values, int end, double scale) in series.Take(MostSeries))
        {
            int first = Math.Max(values.FirstObserved, end - MostRows);
            ReadOnlySpan<double> rows = values.Filled(first, Math.Max(0, end - first));
            for (int lag = 1; lag < changes.Length; lag++) changes[lag] += MeanChange(rows, lag) / (scale * scale);
        }

        int best = 0;
        for (int lag = Shortest; lag <= longest; lag++)
        {
            if (changes[lag] < changes[lag - 1] && changes[lag] < changes[lag + 1] && (best == 0 || changes[lag] < changes[best])) best = lag;
        }

        return best;
    }

    private static double MeanChange(ReadOnlySpan<double> rows, int lag)
    {
        if (rows.Length < 2 * lag) return double.PositiveInfinity;
        double sum = 0;
        for (int i = lag; i < rows.Length; i++) sum += (rows[i] - rows[i - lag]) * (rows[i] - rows[i - lag]);
        return sum / (rows.Length - lag);
    }
}
