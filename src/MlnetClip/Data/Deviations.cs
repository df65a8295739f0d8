using MlnetClip.Kernels;

namespace MlnetClip.Data;

/// <summary>
/// How far the rows of a series usually are from the values around them, measured so that a few extreme readings do not matter,
/// and which rows are extreme.
/// </summary>
/// <param name="Typical">The typical distance: comparable with a standard deviation; 0 where all rows equal the values around them.</param>
/// <param name="ExtremeRows">The rows, counted from 0, that are more than <see cref="Limit"/> typical distances away, in order.</param>
internal sealed record Deviations(double Typical, IReadOnlyList<int> ExtremeRows)
{
    /// <summary>Typical distances beyond which a value is extreme.</summary>
    public const double Limit = 20;

    /// <summary>Makes the median distance of normally distributed values their standard deviation.</summary>
    private const double NormalConsistency = 1.4826;

    private const int SmallestBlock = 32;

    /// <summary>Where more than half of the rows equal the values around them, the first of these quantiles that is above 0 is the typical distance.</summary>
    private static readonly double[] Quantiles = [0.75, 0.9, 0.95, 0.99, 1];

    /// <summary>Measures the observed rows from the first observation to before <paramref name="end"/>, each against the median of a block of rows.</summary>
    public static Deviations Of(Series series, int end, int windowSize, CancellationToken cancellation)
    {
        int first = series.FirstObserved, rows = end - first;
        if (rows < 1) return new(0, []);
        int size = Math.Min(rows, Math.Max(windowSize, SmallestBlock));
        var distances = new double[rows];
        var scratch = new double[size];
        for (int begin = first; begin < end; begin += size)
        {
            cancellation.ThrowIfCancellationRequested();
            double median = Median(series.Filled(Math.Min(begin, end - size), size), scratch);
            for (int row = begin; row < end && row - begin < size; row++) distances[row - first] = Math.Abs(series[row] - median);
        }

        cancellation.ThrowIfCancellationRequested(); // before each pass over all rows
        double typical = TypicalOf([.. distances.Where((_, i) => series.IsObserved(first + i))]);
        cancellation.ThrowIfCancellationRequested();
        return new(typical, [.. Enumerable.Range(first, rows).Where(row => series.IsObserved(row) && distances[row - first] > Limit * typical)]);
    }

    /// <summary>The middle value, or the mean of the two middle ones.</summary>
    /// <param name="values">At least one value, none of them NaN.</param>
    /// <param name="scratch">Memory for as many values.</param>
    public static double Median(ReadOnlySpan<double> values, Span<double> scratch)
    {
        scratch = scratch[..values.Length];
        values.CopyTo(scratch);
        scratch.Sort();
        return SortedQuantile.Of(scratch, 0.5);
    }

    private static double TypicalOf(double[] distances)
    {
        Array.Sort(distances);
        double median = distances[(distances.Length - 1) / 2];
        if (median > 0) return NormalConsistency * median;
        foreach (double share in Quantiles)
            if (distances[(int)(share * (distances.Length - 1))] is > 0 and var distance) return distance;
        return 0;
    }
}
