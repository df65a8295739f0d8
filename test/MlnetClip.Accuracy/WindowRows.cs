using MlnetClip.Forecasting;

namespace MlnetClip.Accuracy;

/// <summary>What a linear method reads of a window.</summary>
internal enum WindowInputs
{
    /// <summary>The values relative to the last one; so are the targets.</summary>
    RelativeToLast,

    /// <summary>The same, and the calendar at the window's end.</summary>
    WithCalendar,

    /// <summary>DLinear's: a moving average and the rest, of the standardised series; the targets are standardised.</summary>
    Decomposed,
}

/// <summary>The windows of a series as rows of a linear fit. A window has a full number of rows and ends at its origin.</summary>
internal sealed class WindowRows : ILinearRows
{
    private const int AverageRows = 25; // DLinear's kernel

    private readonly AccuracySeries _series;
    private readonly WindowInputs _inputs;
    private readonly double[] _periods;
    private readonly int _first;
    private readonly double _mean, _scale;

    public WindowRows(AccuracySeries series, WindowInputs inputs)
    {
        (_series, _inputs) = (series, inputs);
        _first = Array.FindIndex(series.Filled, value => !double.IsNaN(value)) + series.Window - 1;
        Count = Math.Max(0, series.Cut - 1 - _first);
        _periods = inputs == WindowInputs.WithCalendar ? [.. series.Periods.Where(period => 2 * period <= series.Cut)] : [];
        double[] known = [.. series.Values.Take(series.Cut).Where(value => !double.IsNaN(value))];
        _mean = known.Average();
        _scale = Math.Sqrt(known.Average(value => (value - _mean) * (value - _mean)));
        Features = inputs == WindowInputs.Decomposed ? 2 * series.Window : series.Window - 1 + Calendar.TermsOf(_periods);
    }

    /// <summary>Inputs of a row.</summary>
    public int Features { get; }

    /// <summary>Windows that end before the last row of the training part.</summary>
    public int Count { get; }

    public void Read(int row, Span<double> x, Span<double> y, Span<double> weights)
    {
        int origin = _first + row;
        double zero = ReadInputs(origin, x);
        for (int h = 0; h < _series.Horizon; h++)
        {
            int at = origin + 1 + h;
            weights[h] = at < _series.Cut && !double.IsNaN(_series.Values[at]) ? 1 : 0;
            y[h] = weights[h] > 0 ? (_series.Values[at] - zero) / _scale : 0;
        }
    }

    /// <summary>Reads the inputs of the window that ends at a row; returns what was subtracted.</summary>
    public double ReadInputs(int origin, Span<double> x)
    {
        ReadOnlySpan<double> window = _series.Filled.AsSpan(origin - _series.Window + 1, _series.Window);
        if (_inputs == WindowInputs.Decomposed)
        {
            for (int t = 0; t < window.Length; t++)
            {
                x[t] = (Average(window, t) - _mean) / _scale;
                x[window.Length + t] = ((window[t] - _mean) / _scale) - x[t];
            }

            return _mean;
        }

        for (int t = 0; t < window.Length - 1; t++) x[t] = (window[t] - window[^1]) / _scale;
        Calendar.Fill(_periods, origin, x[(window.Length - 1)..]);
        return window[^1];
    }

    /// <summary>From the unit of the fit to that of the data.</summary>
    public double ToData(double value, double zero) => zero + (value * _scale);

    /// <summary>The mean of the 25 values around one, where values beyond the ends repeat the first and the last.</summary>
    private static double Average(ReadOnlySpan<double> window, int t)
    {
        double sum = 0;
        for (int i = t - (AverageRows / 2); i <= t + (AverageRows / 2); i++) sum += window[Math.Clamp(i, 0, window.Length - 1)];
        return sum / AverageRows;
    }
}
