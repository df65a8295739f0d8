using MlnetClip.Data;

namespace MlnetClip.Forecasting;

/// <summary>Windows as rows of a linear fit, in the order of time, at equal distances if there are more than can be fitted in a reasonable time.</summary>
internal sealed class LinearWindows : ILinearRows
{
    private const double MostProducts = 4e10; // of a fit: some ten seconds

    private readonly WindowBatchSource _source;
    private readonly LinearInputs _inputs;
    private readonly int[]? _order; // null for the order of the source
    private readonly int _first, _stride;
    private readonly double[] _window;
    private readonly float[] _network;
    private readonly WindowScale[] _scales, _steps;

    /// <param name="source">The windows, whose encoder has no linear part.</param>
    /// <param name="inputs">What is read of them.</param>
    /// <param name="most">The largest number of rows.</param>
    public LinearWindows(WindowBatchSource source, LinearInputs inputs, int most = int.MaxValue)
    {
        (_source, _inputs) = (source, inputs);
        WindowLayout layout = source.Encoder.Layout;
        _window = new double[layout.Length];
        _network = new float[layout.TimeSteps * layout.Features];
        _scales = new WindowScale[layout.Targets];
        _steps = new WindowScale[layout.Horizon * layout.Targets];
        double features = inputs.Count(layout);
        int limit = (int)Math.Clamp(MostProducts / (features * (features + layout.Horizon)), 1, most);
        _stride = ((source.Count - 1) / limit) + 1;
        _first = (source.Count - 1) % _stride;
        Count = ((source.Count - 1) / _stride) + 1;
        // Series may begin at different times, but their training rows end together.
        if (layout.Grouped) _order = [.. Enumerable.Range(0, source.Count).OrderByDescending(source.RowsToEnd)];
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public void Read(int row, Span<double> x, Span<double> y, Span<double> weights)
    {
        WindowEncoder encoder = _source.Encoder;
        int index = _first + (row * _stride);
        if (_order is not null) index = _order[index];
        _source.CutWindow(index, _window);
        encoder.Encode(_window, _network, encoder.Layout.Features, _scales);
        encoder.Scales(_window, _network, encoder.Layout.Features, _scales, _steps, []);
        _inputs.Read(encoder.Layout, encoder.SeriesOf(_window), _network, encoder.Layout.Features, _scales, x);
        int K = encoder.Layout.Targets;
        for (int i = 0; i < _steps.Length; i++)
        {
            float? target = _source.TargetOf(index, i / K, i % K, _window, _scales[i % K], _steps[i]);
            (y[i], weights[i]) = (target ?? 0, target is null ? 0 : 1);
        }
    }
}
