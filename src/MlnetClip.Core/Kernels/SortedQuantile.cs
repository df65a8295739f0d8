namespace MlnetClip.Kernels;

/// <summary>Quantiles of sorted values, interpolated linearly between neighbors, as NumPy's default method does.</summary>
public static class SortedQuantile
{
    /// <summary>The quantile at a level.</summary>
    /// <param name="sorted">At least one value, in increasing order.</param>
    /// <param name="level">From 0, the smallest value, to 1, the largest.</param>
    public static double Of(ReadOnlySpan<double> sorted, double level)
    {
        double position = level * (sorted.Length - 1);
        int below = (int)position, above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
