namespace MlnetClip.Data;

/// <summary>
/// The way between the data's unit and the network's: <c>x' = (x - origin) / scale</c>, where the origin is the window's
/// last value, the training part's mean, or 0. It is learned on the training part alone and saved with the model.
/// </summary>
/// <param name="Scaling">What the origin is.</param>
/// <param name="Mean">The training part's mean; 0 unless standardised.</param>
/// <param name="Scale">The divisor, above 0.</param>
internal sealed record SeriesScaler(SeriesScaling Scaling, double Mean, double Scale)
{
    /// <summary>Learns the scale on the rows from the first observation to before <paramref name="end"/>.</summary>
    /// <returns>The scaler; its scale is 0 when the rows are constant.</returns>
    public static SeriesScaler Learn(SeriesScaling scaling, Series series, int end, int windowSize) => scaling switch
    {
        SeriesScaling.RelativeToLast => new(scaling, 0, RootMeanSquareFromLast(series, end, windowSize)),
        SeriesScaling.Standardize => Standardized(series, end),
        _ => new(scaling, 0, 1),
    };

    /// <summary>What is subtracted from a window and its targets.</summary>
    public double Origin(ReadOnlySpan<float> window) => Scaling == SeriesScaling.RelativeToLast ? window[^1] : Mean;

    /// <summary>From the data's unit to the network's.</summary>
    public float ToNetwork(float value, double origin) => (float)((value - origin) / Scale);

    /// <summary>From the network's unit to the data's.</summary>
    public float ToData(float value, double origin) => (float)(origin + (value * Scale));

    private static double RootMeanSquareFromLast(Series series, int end, int windowSize)
    {
        double sum = 0;
        long count = 0;
        for (int start = series.FirstObserved; start + windowSize <= end; start++)
        {
            var window = series.Filled(start, windowSize);
            double last = window[^1];
            foreach (float value in window[..^1]) sum += (value - last) * (value - last);
            count += windowSize - 1;
        }

        return count == 0 ? 0 : Math.Sqrt(sum / count);
    }

    private static SeriesScaler Standardized(Series series, int end)
    {
        double sum = 0, squares = 0;
        int count = 0;
        for (int i = series.FirstObserved; i < end; i++)
        {
            if (!series.IsObserved(i)) continue;
            sum += series[i];
            count++;
        }

        double mean = sum / count;
        for (int i = series.FirstObserved; i < end; i++)
            if (series.IsObserved(i)) squares += (series[i] - mean) * (series[i] - mean);
        return new(SeriesScaling.Standardize, mean, Math.Sqrt(squares / count));
    }
}
