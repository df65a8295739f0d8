using System.Buffers;

namespace MlnetClip.Data;

/// <summary>
/// Converts between the data's unit and the network's: <c>x' = (x - origin) / scale</c>, where the origin is the window's
/// last value or its median, the training part's mean, or 0. It is learned from the training rows only and saved with the model.
/// </summary>
/// <remarks>Values in the data's unit are in double precision: the origin is subtracted before the conversion to single.</remarks>
/// <param name="Scaling">What the origin is.</param>
/// <param name="Mean">The training part's mean; 0 unless standardized.</param>
/// <param name="Scale">The divisor, above 0.</param>
internal sealed record SeriesScaler(SeriesScaling Scaling, double Mean, double Scale)
{
    /// <summary>Learns the scale from the rows from the first observation to before <paramref name="end"/>.</summary>
    /// <returns>The scaler; its scale is 0 when the rows are constant.</returns>
    public static SeriesScaler Learn(SeriesScaling scaling, Series series, int end, int windowSize, CancellationToken cancellation = default) => scaling switch
    {
        SeriesScaling.RelativeToLast => new(scaling, 0, WindowDistances.RootMeanSquareFromLast(series, end, windowSize, cancellation)),
        SeriesScaling.Standardize => Standardized(series, end),
        SeriesScaling.Robust => new(scaling, 0, Deviations.Of(series, end, windowSize, cancellation).Typical),
        _ => new(scaling, 0, 1),
    };

    /// <summary>Scales a window.</summary>
    /// <param name="window">The window, in the data's unit, without gaps.</param>
    /// <param name="inputs">Receives the scaled values.</param>
    /// <param name="stride">The distance of two values in <paramref name="inputs"/>.</param>
    /// <returns>The origin, which was subtracted from the window and must be subtracted from its targets.</returns>
    public double ToNetwork(ReadOnlySpan<double> window, Span<float> inputs, int stride = 1)
    {
        if (Scaling == SeriesScaling.Robust) return RobustToNetwork(window, inputs, stride);
        double origin = Scaling == SeriesScaling.RelativeToLast ? window[^1] : Mean;
        for (int t = 0; t < window.Length; t++) inputs[t * stride] = ToNetwork(window[t], origin);
        return origin;
    }

    /// <summary>From the data's unit to the network's.</summary>
    public float ToNetwork(double value, double origin) => (float)((value - origin) / Scale);

    /// <summary>From the network's unit to the data's.</summary>
    public double ToData(float value, double origin) => origin + (value * Scale);

    /// <summary>Whether the scaling treats the value as missing, since it is too far from its window's median.</summary>
    public bool IsExtreme(double value, double origin) => Scaling == SeriesScaling.Robust && Math.Abs(value - origin) > Deviations.Limit * Scale;

    private double RobustToNetwork(ReadOnlySpan<double> window, Span<float> inputs, int stride)
    {
        double[] memory = ArrayPool<double>.Shared.Rent(2 * window.Length);
        Span<double> cleaned = memory.AsSpan(0, window.Length), scratch = memory.AsSpan(window.Length);
        double origin = Deviations.Median(window, scratch);
        if (FillExtremes(window, origin, cleaned)) origin = Deviations.Median(cleaned, scratch);
        for (int t = 0; t < cleaned.Length; t++) inputs[t * stride] = ToNetwork(cleaned[t], origin);
        ArrayPool<double>.Shared.Return(memory);
        return origin;
    }

    /// <summary>Fills extreme values as gaps are filled, those before the first usual value with the median; returns whether there were any.</summary>
    private bool FillExtremes(ReadOnlySpan<double> window, double median, Span<double> destination)
    {
        bool found = false;
        double last = median;
        for (int t = 0; t < window.Length; t++)
        {
            if (IsExtreme(window[t], median)) found = true;
            else last = window[t];
            destination[t] = last;
        }

        return found;
    }

    private static SeriesScaler Standardized(Series series, int end)
    {
        Moments moments = default;
        for (int i = series.FirstObserved; i < end; i++)
            if (series.IsObserved(i)) moments = moments.Add(series[i]);
        return new(SeriesScaling.Standardize, moments.Mean, Math.Sqrt(moments.Squares / moments.Count));
    }
}
