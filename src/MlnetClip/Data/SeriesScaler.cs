using System.Buffers;

namespace MlnetClip.Data;

/// <summary>
/// Converts between the data's unit and the network's: <c>x' = (x - origin) / scale</c>. The scale is learned from the training rows
/// only and saved with the model; <see cref="SeriesScaling"/> says what the origin is.
/// </summary>
/// <remarks>Values in the data's unit are in double precision: the origin is subtracted before the conversion to single.</remarks>
/// <param name="Scaling">What the origin is.</param>
/// <param name="Mean">The training part's mean; 0 unless standardized.</param>
/// <param name="Scale">The divisor, above 0.</param>
/// <param name="Season">Rows of a season; 0 unless the scaling is the difference from the season before.</param>
internal sealed record SeriesScaler(SeriesScaling Scaling, double Mean, double Scale, int Season = 0)
{
    /// <summary>The smallest deviation of a window that it is divided by, as a share of <see cref="Scale"/>: a constant window is not divided by 0.</summary>
    public const double SmallestDeviation = 0.05;

    /// <summary>Rows before the window that the scaling reads.</summary>
    public int Lag => Scaling == SeriesScaling.SeasonalDifference ? Season : 0;

    /// <summary>Learns the scale from the rows from the first observation to before <paramref name="end"/>.</summary>
    /// <returns>The scaler; its scale is 0 when the rows are constant.</returns>
    public static SeriesScaler Learn(SeriesScaling scaling, Series series, int end, int windowSize, int season = 0, CancellationToken cancellation = default) => scaling switch
    {
        SeriesScaling.RelativeToLast => new(scaling, 0, WindowDistances.RootMeanSquareFromLast(series, end, windowSize, cancellation)),
        SeriesScaling.Standardize => Standardized(series, end),
        SeriesScaling.Robust => new(scaling, 0, Deviations.Of(series, end, windowSize, cancellation).Typical),
        SeriesScaling.PerWindow => new(scaling, 0, WindowDeviation(series, end, windowSize)),
        SeriesScaling.SeasonalDifference => new(scaling, 0, SeasonalChange(series, end, season), season),
        _ => new(scaling, 0, 1),
    };

    /// <summary>Scales a window.</summary>
    /// <param name="history">[<see cref="Lag"/> + T] rows, in the data's unit, without gaps.</param>
    /// <param name="inputs">Receives the T scaled values.</param>
    /// <param name="stride">The distance of two values in <paramref name="inputs"/>.</param>
    /// <returns>What converts the values that follow the window.</returns>
    public WindowScale ToNetwork(ReadOnlySpan<double> history, Span<float> inputs, int stride = 1)
    {
        switch (Scaling)
        {
            case SeriesScaling.Robust:
                return new(RobustToNetwork(history, inputs, stride), Scale);
            case SeriesScaling.PerWindow:
                Moments moments = default;
                foreach (double value in history) moments = moments.Add(value);
                var window = new WindowScale(moments.Mean, Math.Max(Math.Sqrt(moments.Squares / moments.Count), SmallestDeviation * Scale));
                for (int t = 0; t < history.Length; t++) inputs[t * stride] = window.ToNetwork(history[t]);
                return window;
            case SeriesScaling.SeasonalDifference:
                for (int t = Season; t < history.Length; t++) inputs[(t - Season) * stride] = (float)((history[t] - history[t - Season]) / Scale);
                return new(0, Scale);
            default:
                var scale = new WindowScale(Scaling == SeriesScaling.RelativeToLast ? history[^1] : Mean, Scale);
                for (int t = 0; t < history.Length; t++) inputs[t * stride] = scale.ToNetwork(history[t]);
                return scale;
        }
    }

    /// <summary>What is subtracted from the value of a step of the horizon.</summary>
    /// <param name="history">[<see cref="Lag"/> + T] rows, as for <see cref="ToNetwork"/>.</param>
    /// <param name="window">What <see cref="ToNetwork"/> returned for them.</param>
    /// <param name="step">The step, from 0.</param>
    public WindowScale At(ReadOnlySpan<double> history, WindowScale window, int step) =>
        Season == 0 ? window : window with { Origin = history[history.Length - Season + (step % Season)] };

    /// <summary>Whether the scaling treats the value as missing, since it is too far from its window's median.</summary>
    public bool IsExtreme(double value, double origin) => Scaling == SeriesScaling.Robust && Math.Abs(value - origin) > Deviations.Limit * Scale;

    private double RobustToNetwork(ReadOnlySpan<double> window, Span<float> inputs, int stride)
    {
        double[] memory = ArrayPool<double>.Shared.Rent(2 * window.Length);
        Span<double> cleaned = memory.AsSpan(0, window.Length), scratch = memory.AsSpan(window.Length);
        double origin = Deviations.Median(window, scratch);
        if (FillExtremes(window, origin, cleaned)) origin = Deviations.Median(cleaned, scratch);
        var scale = new WindowScale(origin, Scale);
        for (int t = 0; t < cleaned.Length; t++) inputs[t * stride] = scale.ToNetwork(cleaned[t]);
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

    /// <summary>The root of the mean variance within adjacent windows.</summary>
    private static double WindowDeviation(Series series, int end, int windowSize)
    {
        double squares = 0;
        long count = 0;
        for (int begin = series.FirstObserved; begin + windowSize <= end; begin += windowSize)
        {
            Moments moments = default;
            for (int i = 0; i < windowSize; i++) moments = moments.Add(series[begin + i]);
            (squares, count) = (squares + moments.Squares, count + windowSize);
        }

        return count == 0 ? 0 : Math.Sqrt(squares / count);
    }

    /// <summary>The root mean square of the change over a season.</summary>
    private static double SeasonalChange(Series series, int end, int season)
    {
        double squares = 0;
        long count = 0;
        for (int i = series.FirstObserved + season; i < end; i++)
        {
            if (!series.IsObserved(i) || !series.IsObserved(i - season)) continue;
            double change = series[i] - series[i - season];
            (squares, count) = (squares + (change * change), count + 1);
        }

        return count == 0 ? 0 : Math.Sqrt(squares / count);
    }
}
