namespace MlnetClip.Data;

/// <summary>How far the values of a series' windows are from the window's last value, in time and memory that do not grow with rows times window.</summary>
internal static class WindowDistances
{
    private const int CancellationPeriod = 1 << 16;

    /// <summary>The root of the mean squared distance over the windows of the rows from the first observation to before <paramref name="end"/>.</summary>
    /// <returns>The root mean square; 0 where there is no window, or where all distances are 0.</returns>
    /// <remarks>
    /// The n rows before a row lie in two blocks of n rows: the end of one and the beginning of the next. The moments of every
    /// end are known from one pass backwards over a block, those of every beginning from one pass forwards over the next.
    /// </remarks>
    public static double RootMeanSquareFromLast(Series series, int end, int windowSize, CancellationToken cancellation)
    {
        int n = windowSize - 1;
        long windows = (long)end - series.FirstObserved - n;
        if (n < 1 || windows < 1) return 0;
        var ends = new Moments[n];
        double sum = 0;
        for (long block = series.FirstObserved; block + n < end; block += n)
        {
            Moments joined = default;
            for (int i = n - 1; i >= 0; i--) ends[i] = joined = joined.Add(series[(int)block + i]);
            Moments beginning = default;
            int next = (int)block + n;
            for (int i = 0; i < n && next + i < end; i++)
            {
                if (((next + i) & (CancellationPeriod - 1)) == 0) cancellation.ThrowIfCancellationRequested();
                double last = series[next + i];
                sum += ends[i].Join(beginning).SquaresFrom(last);
                beginning = beginning.Add(last);
            }
        }

        return Math.Sqrt(sum / windows / n);
    }
}
