namespace MlnetClip.Cli.Input;

/// <summary>Estimates the season of a series from its autocorrelation after removing a smooth trend.</summary>
/// <param name="Rows">Rows of a season, 2 or more.</param>
/// <param name="Correlation">The correlation of rows that are a season apart, at most 1.</param>
internal sealed record SeasonEstimate(int Rows, double Correlation)
{
    private const int MostRows = 20_000, LongestSeason = 1000, Degree = 3;

    /// <summary>The smallest correlation of a season; it must also exceed that at neighboring lags, and half of it must remain after two seasons.</summary>
    private const double LeastCorrelation = 0.3, LeastRise = 0.3, LeastShareAtTwo = 0.5;

    /// <summary>
    /// So many standard errors, by Bartlett's formula from the correlations at smaller lags, must a correlation be above 0. A series of a few seasons has too large an error to pass
    /// although its season is plain, so that a large correlation is enough.
    /// </summary>
    private const double LeastErrors = 2, EnoughCorrelation = 0.5;

    /// <summary>The smallest share of the pairs of rows a lag apart of which both must have a value. Elsewhere nothing is known of the lag.</summary>
    private const double LeastObserved = 0.25;

    /// <summary>The season is the first peak that is this close to the highest one; the others are its multiples.</summary>
    private const double ShareOfHighest = 0.9;

    /// <summary>The season of the last rows; null if none is detected, or if fewer than four would fit.</summary>
    /// <param name="values">The rows; NaN where a value is missing.</param>
    public static SeasonEstimate? Of(ReadOnlySpan<double> values)
    {
        double[] series = [.. values[^Math.Min(MostRows, values.Length)..]];
        int begin = Array.FindIndex(series, value => !double.IsNaN(value));
        if (begin < 0) return null;
        series = series[begin..];
        double[] observed = [.. series.Select(value => double.IsNaN(value) ? 0.0 : 1.0)];
        series = WithoutTrend([.. series.Select(value => double.IsNaN(value) ? 0 : value)], observed);
        int longest = Math.Min(LongestSeason, series.Length / 4);
        if (longest < 3) return null;
        double[] correlations = Correlations(series, observed, 2 * longest);
        int[] peaks = [.. Peaks(correlations, longest, observed.Sum())];
        if (peaks.Length == 0) return null;
        double highest = peaks.Max(peak => correlations[peak]);
        int first = peaks.First(peak => correlations[peak] >= ShareOfHighest * highest);
        int season = Refine(correlations, first);
        return new SeasonEstimate(season, correlations[season]);
    }

    /// <summary>The series without the polynomial that fits it best, by projection on polynomials that are orthogonal on its rows.</summary>
    /// <param name="series">The rows; 0 where a value is missing.</param>
    /// <param name="observed">1 for each row with a value, otherwise 0.</param>
    private static double[] WithoutTrend(double[] series, double[] observed)
    {
        var basis = new List<double[]>();
        for (int degree = 0; degree <= Degree; degree++)
        {
            var next = new double[series.Length];
            for (int i = 0; i < next.Length; i++) next[i] = observed[i] * Math.Pow((2.0 * i / Math.Max(1, next.Length - 1)) - 1, degree);
            foreach (double[] earlier in basis) Subtract(next, earlier);
            double norm = Math.Sqrt(Product(next, next, 0));
            if (norm < 1e-9) break;
            for (int i = 0; i < next.Length; i++) next[i] /= norm;
            basis.Add(next);
            Subtract(series, next);
        }

        return series;
    }

    private static void Subtract(double[] from, double[] direction)
    {
        double along = Product(from, direction, 0);
        for (int i = 0; i < from.Length; i++) from[i] -= along * direction[i];
    }

    private static double Product(double[] a, double[] b, int lag)
    {
        double sum = 0;
        for (int i = 0; i + lag < a.Length; i++) sum += a[i] * b[i + lag];
        return sum;
    }

    /// <summary>The mean product of rows that are a lag apart, over the variance, by lag; NaN where too few rows a lag apart both have a value.</summary>
    private static double[] Correlations(double[] series, double[] observed, int longest)
    {
        double variance = Product(series, series, 0) / observed.Sum();
        var correlations = new double[longest + 1];
        if (!(variance > 0) || !double.IsFinite(variance)) return correlations;
        for (int lag = 0; lag <= longest; lag++)
        {
            double pairs = Product(observed, observed, lag);
            correlations[lag] = pairs < LeastObserved * (series.Length - lag) ? double.NaN : Product(series, series, lag) / pairs / variance;
        }

        return correlations;
    }

    private static IEnumerable<int> Peaks(double[] correlations, int longest, double values)
    {
        int[] known = [.. Enumerable.Range(1, correlations.Length - 1).Where(lag => !double.IsNaN(correlations[lag]))]; // where a value is in every second row, the even lags
        double lowest = 1, squares = 0;
        for (int i = 1; i + 1 < known.Length && known[i] < longest; i++)
        {
            int lag = known[i];
            double here = correlations[lag], before = correlations[known[i - 1]], after = correlations[known[i + 1]], twice = correlations[2 * lag];
            lowest = Math.Min(lowest, before);
            squares += before * before;
            if (!(here >= Math.Min(EnoughCorrelation, LeastErrors * Math.Sqrt((1 + (2 * squares)) / values)))) continue;
            if (here < before || here <= after || here < LeastCorrelation || here - lowest < LeastRise) continue;
            double between = known.Where(other => other >= lag && other < 2 * lag).Min(other => correlations[other]);
            if (twice >= LeastShareAtTwo * here && twice - between >= LeastRise) yield return lag;
        }
    }

    /// <summary>The lag near a peak whose multiples correlate best, which gives the season more exactly than one peak.</summary>
    private static int Refine(double[] correlations, int peak)
    {
        int around = (peak / 20) + 1, first = Math.Max(2, peak - around), last = Math.Min(correlations.Length - 1, peak + around);
        return Enumerable.Range(first, last - first + 1).Where(lag => !double.IsNaN(correlations[lag])).MaxBy(lag =>
            Enumerable.Range(1, 4).Where(times => times * lag < correlations.Length && !double.IsNaN(correlations[times * lag])).Average(times => correlations[times * lag]));
    }
}
