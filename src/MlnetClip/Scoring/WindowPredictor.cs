using MlnetClip.Data;
using MlnetClip.Forecasting;
using MlnetClip.Inference;

namespace MlnetClip.Scoring;

/// <summary>The network of a forecaster over one or several windows at once, from the data's unit to the data's unit. Not safe for calls from several threads at a time.</summary>
/// <param name="model">The trained model.</param>
internal sealed class WindowPredictor(LstmForecastingModelParameters model)
{
    private readonly WindowLayout _layout = model.Layout;
    private readonly WindowLayout _step = model.Head.Strategy == ForecastStrategy.Recursive ? model.Layout.OneStep : model.Layout;
    private readonly WindowEncoder _encoder = model.Head.Strategy == ForecastStrategy.Recursive ? model.Encoder.OneStep : model.Encoder;
    private readonly double[] _scratch = new double[model.Encoder.ScratchLength];
    private readonly double[] _levels = new double[model.Head.Levels];
    private readonly BatchPredictor _predictor = new(model.Packed);

    // For each window:
    private int[] _rows = [];
    private float[] _inputs = [], _outputs = [];
    private double[] _windows = []; // of a step of a recursive forecast
    private WindowScale[] _scales = [], _stepScales = [], _steps = [];

    private bool IsRecursive => model.Head.Strategy == ForecastStrategy.Recursive;

    private int InputLength => _step.TimeSteps * _step.Features;

    private int OutputLength => (_step.ReadsHorizon ? _step.TimeSteps : 1) * model.Spec.Head.Outputs;

    /// <summary>Forecasts the rows that follow a window.</summary>
    /// <param name="window">
    /// The window's vector, see <see cref="WindowLayout"/>. A target that is NaN makes every forecast NaN; a future covariate that is NaN in the horizon, those from its row on.
    /// </param>
    /// <param name="levels">Receives the quantiles, or the point forecast, [K, Q, H].</param>
    public void Forecast(ReadOnlySpan<double> window, Span<double> levels) => Forecast(window, 1, levels);

    /// <summary>Forecasts the rows that follow each of some windows, with the bits that each has alone.</summary>
    /// <param name="windows">The vectors, one after the other.</param>
    /// <param name="count">Windows, 1 or more.</param>
    /// <param name="levels">Receives the quantiles, or the point forecast, of each, [count, K, Q, H].</param>
    public void Forecast(ReadOnlySpan<double> windows, int count, Span<double> levels)
    {
        Reserve(count);
        int length = windows.Length / count, size = levels.Length / count, used = 0;
        for (int row = 0; row < count; row++)
        {
            if (windows.Slice(row * length, _layout.PastAt(0)).Contains(double.NaN)) levels.Slice(row * size, size).Fill(double.NaN);
            else _rows[used++] = row;
        }

        if (used == 0) return;
        ReadOnlySpan<int> rows = _rows.AsSpan(0, used);
        if (IsRecursive)
        {
            Iterate(windows, length, rows, levels, size);
        }
        else
        {
            for (int n = 0; n < used; n++) Encode(n, windows.Slice(rows[n] * length, length), ScalesOf(_scales, rows[n]));
            Predict(used);
            for (int n = 0; n < used; n++) Decode(n, levels.Slice(rows[n] * size, size), _layout.Horizon, 0);
        }

        foreach (int row in rows) Limit(windows.Slice(row * length, length), levels.Slice(row * size, size));
    }

    /// <summary>The divisor of a target's window in the last forecast, in the data's unit.</summary>
    public double ScaleOf(int target, int row = 0) => ScalesOf(_scales, row)[target].Scale;

    /// <summary>The values of a column from what the last forecast gave.</summary>
    /// <param name="output">The column.</param>
    /// <param name="levels">The quantiles, or the point forecast, of the window, [K, Q, H].</param>
    /// <param name="destination">Receives the values, [H].</param>
    /// <param name="row">The window.</param>
    public void Select(ForecastOutput output, ReadOnlySpan<double> levels, Span<double> destination, int row = 0)
    {
        int H = _layout.Horizon, Q = _levels.Length, first = output.Target * Q;
        ReadOnlySpan<double> forecast = levels.Slice((first + model.Head.Median) * H, H);
        switch (output.Kind)
        {
            case ForecastValue.Value:
                forecast.CopyTo(destination);
                return;
            case ForecastValue.Quantile:
                levels.Slice((first + output.Quantile) * H, H).CopyTo(destination);
                return;
        }

        bool isLower = output.Kind == ForecastValue.LowerBound;
        ReadOnlySpan<double> bound = levels.Slice((isLower ? first : first + Q - 1) * H, H);
        double[] margins = model.Head.Interval!.Margins[output.Target];
        for (int h = 0; h < H; h++)
        {
            double margin = margins[h] * ScaleOf(output.Target, row);
            double value = isLower ? Math.Min(bound[h] - margin, forecast[h]) : Math.Max(bound[h] + margin, forecast[h]);
            destination[h] = model.Head.NonNegative && value < 0 ? 0 : value;
        }
    }

    private Span<WindowScale> ScalesOf(WindowScale[] scales, int row) => scales.AsSpan(row * _layout.Targets, _layout.Targets);

    private void Reserve(int count)
    {
        if (count <= _rows.Length) return;
        (_rows, _inputs, _outputs) = (new int[count], new float[count * InputLength], new float[count * OutputLength]);
        (_scales, _stepScales, _steps) = (new WindowScale[count * _layout.Targets], new WindowScale[count * _layout.Targets], new WindowScale[count * _step.Horizon * _layout.Targets]);
        if (IsRecursive) _windows = new double[count * _step.Length];
    }

    /// <summary>Makes the network's inputs of a window.</summary>
    private void Encode(int n, ReadOnlySpan<double> window, Span<WindowScale> scales)
    {
        Span<float> inputs = _inputs.AsSpan(n * InputLength, InputLength);
        _encoder.Encode(window, inputs, _step.Features, scales);
        _encoder.Scales(window, inputs, _step.Features, scales, StepsOf(n), _scratch);
    }

    private Span<WindowScale> StepsOf(int n) => _steps.AsSpan(n * _step.Horizon * _layout.Targets, _step.Horizon * _layout.Targets);

    private void Predict(int count)
    {
        if (_encoder.Linear is not { NetworkShare: 0 }) _predictor.Predict(_inputs.AsSpan(0, count * InputLength), count, _outputs.AsSpan(0, count * OutputLength));
    }

    /// <summary>The network's outputs in the data's unit, as the steps of the horizon from <paramref name="first"/> on.</summary>
    private void Decode(int n, Span<double> levels, int horizon, int first)
    {
        int K = _layout.Targets, Q = _levels.Length, H = _layout.Horizon;
        ReadOnlySpan<float> outputs = _outputs.AsSpan(n * OutputLength, OutputLength)[(_step.ReadsHorizon ? _step.WindowSize * K * Q : 0)..];
        ReadOnlySpan<WindowScale> steps = StepsOf(n);
        for (int h = 0; h < horizon; h++)
        {
            for (int k = 0; k < K; k++)
            {
                WindowScale scale = steps[(h * K) + k];
                for (int q = 0; q < Q; q++) _levels[q] = scale.ToData(outputs[(((h * K) + k) * Q) + q]);
                if (Q > 1) Array.Sort(_levels); // so that quantiles never cross (Chernozhukov, Fernández-Val and Galichon 2010)
                for (int q = 0; q < Q; q++) levels[(((k * Q) + q) * H) + first + h] = _levels[q];
            }
        }
    }

    /// <summary>Forecasts one row after the other, each from windows that end with the forecasts before it.</summary>
    private void Iterate(ReadOnlySpan<double> windows, int length, ReadOnlySpan<int> rows, Span<double> levels, int size)
    {
        int H = _layout.Horizon, stepLength = checked((int)_step.Length);
        for (int h = 0; h < H; h++)
        {
            for (int n = 0; n < rows.Length; n++)
            {
                ReadOnlySpan<double> window = windows.Slice(rows[n] * length, length), forecast = levels.Slice(rows[n] * size, size);
                Span<double> next = _windows.AsSpan(n * stepLength, stepLength);
                for (int k = 0; k < _layout.Targets; k++) Slide(window.Slice(_layout.TargetAt(k), _layout.History), forecast.Slice(k * H, H), h, next.Slice(_step.TargetAt(k), _step.History));
                for (int i = 0; i < _layout.Future; i++) window.Slice(_layout.FutureAt(i) + h, _step.TimeSteps).CopyTo(next[_step.FutureAt(i)..]);
                for (int i = 0; i < _layout.Calendar; i++) SlideCalendar(window, i, h, next);
                window[_layout.StaticAt..].CopyTo(next[_step.StaticAt..]);
                Encode(n, next, ScalesOf(h == 0 ? _scales : _stepScales, rows[n]));
            }

            Predict(rows.Length);
            for (int n = 0; n < rows.Length; n++) Decode(n, levels.Slice(rows[n] * size, size), 1, h);
        }
    }

    /// <summary>Leaves out the steps whose covariates are not known, and negative values where they are not possible.</summary>
    private void Limit(ReadOnlySpan<double> window, Span<double> levels)
    {
        for (int h = KnownSteps(window); h < _layout.Horizon; h++)
            for (int n = 0; n < _layout.Targets * _levels.Length; n++) levels[(n * _layout.Horizon) + h] = double.NaN;
        if (!model.Head.NonNegative) return;
        foreach (ref double value in levels) value = value < 0 ? 0 : value;
    }

    /// <summary>The last rows of a history that is followed by the first steps of a forecast.</summary>
    private static void Slide(ReadOnlySpan<double> history, ReadOnlySpan<double> forecast, int steps, Span<double> destination)
    {
        int old = Math.Max(0, history.Length - steps);
        history[^old..].CopyTo(destination);
        int recent = history.Length - old;
        forecast.Slice(steps - recent, recent).CopyTo(destination[old..]);
    }

    /// <summary>The calendar of the rows of a step; without the rows of the horizon, those of the window repeat their last value.</summary>
    private void SlideCalendar(ReadOnlySpan<double> window, int channel, int step, Span<double> next)
    {
        ReadOnlySpan<double> all = window.Slice(_layout.CalendarAt(channel), _layout.TimeSteps);
        Span<double> destination = next.Slice(_step.CalendarAt(channel), _step.TimeSteps);
        for (int t = 0; t < destination.Length; t++) destination[t] = all[Math.Min(step + t, all.Length - 1)];
    }

    /// <summary>Steps of the horizon whose future covariates are known.</summary>
    private int KnownSteps(ReadOnlySpan<double> window)
    {
        int known = _layout.Horizon;
        for (int i = 0; i < _layout.Future; i++)
        {
            int missing = window.Slice(_layout.FutureAt(i) + _layout.WindowSize, _layout.FutureRows).IndexOf(double.NaN);
            if (missing >= 0) known = Math.Min(known, missing);
        }

        return known;
    }
}
