using MlnetClip.Data;
using MlnetClip.Scoring;

namespace MlnetClip.Forecasting;

/// <summary>Forecasts of the windows of a series, up to 64 at a time.</summary>
/// <param name="model">The trained model.</param>
/// <param name="source">The windows.</param>
internal sealed class WindowForecasts(LstmForecastingModelParameters model, WindowBatchSource source)
{
    private const int Most = 64;

    private readonly int _length = checked((int)model.Layout.Length), _size = model.NumberOfTargets * model.Head.Levels * model.Horizon;
    private readonly WindowPredictor _predictor = new(model);
    private double[] _windows = [], _levels = [];

    /// <summary>Forecasts from the windows <paramref name="first"/>, first + stride, first + 2 stride and so on.</summary>
    /// <returns>The number of them, 64 or as many as there are.</returns>
    public int Read(int first, int stride)
    {
        int count = (int)Math.Min(Most, ((source.Count - 1L - first) / stride) + 1);
        if (_windows.Length == 0) (_windows, _levels) = (new double[count * _length], new double[count * _size]);
        for (int n = 0; n < count; n++) source.CutWindow(first + (n * stride), _windows.AsSpan(n * _length, _length));
        _predictor.Forecast(_windows.AsSpan(0, count * _length), count, _levels.AsSpan(0, count * _size));
        return count;
    }

    /// <summary>A window that was read.</summary>
    public ReadOnlySpan<double> WindowOf(int n) => _windows.AsSpan(n * _length, _length);

    /// <summary>The quantiles, or the point forecast, of a window, [K, Q, H].</summary>
    public ReadOnlySpan<double> LevelsOf(int n) => _levels.AsSpan(n * _size, _size);

    /// <summary>The divisor of a target in a window, in the data's unit.</summary>
    public double ScaleOf(int target, int n) => _predictor.ScaleOf(target, n);
}
