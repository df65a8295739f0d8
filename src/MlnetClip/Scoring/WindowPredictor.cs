using MlnetClip.Data;
using MlnetClip.Forecasting;
using MlnetClip.Inference;

namespace MlnetClip.Scoring;

/// <summary>The network of a forecaster over one window at a time, from the data's unit to the data's unit. Not safe for calls from several threads at a time.</summary>
/// <param name="model">The trained model.</param>
internal sealed class WindowPredictor(LstmForecastingModelParameters model)
{
    private readonly WindowLayout _layout = model.Layout;
    private readonly WindowLayout _step = model.Head.Strategy == ForecastStrategy.Recursive ? model.Layout.OneStep : model.Layout;
    private readonly WindowEncoder _encoder = model.Head.Strategy == ForecastStrategy.Recursive ? model.Encoder.OneStep : model.Encoder;
    private readonly float[] _inputs = new float[NetworkLayout(model).TimeSteps * NetworkLayout(model).Features];
    private readonly float[] _outputs = new float[(NetworkLayout(model).ReadsHorizon ? NetworkLayout(model).TimeSteps : 1) * model.Spec.Head.Outputs];
    private readonly double[] _window = model.Head.Strategy == ForecastStrategy.Recursive ? new double[NetworkLayout(model).Length] : [];
    private readonly WindowScale[] _scales = new WindowScale[model.Layout.Targets], _stepScales = new WindowScale[model.Layout.Targets];
    private readonly WindowScale[] _steps = new WindowScale[NetworkLayout(model).Horizon * model.Layout.Targets];
    private readonly double[] _scratch = new double[model.Encoder.ScratchLength];
    private readonly double[] _levels = new double[model.Head.Levels];
    private readonly SequencePredictor _predictor = new(model.Packed);

    /// <summary>Forecasts the rows that follow a window.</summary>
    /// <param name="window">
    /// The window's vector, see <see cref="WindowLayout"/>. A target that is NaN makes every forecast NaN; a future covariate that is NaN in the horizon, those from its row on.
    /// </param>
    /// <param name="levels">Receives the quantiles, or the point forecast, [K, Q, H].</param>
    public void Forecast(ReadOnlySpan<double> window, Span<double> levels)
    {
        if (window[.._layout.PastAt(0)].Contains(double.NaN))
        {
            levels.Fill(double.NaN);
            return;
        }

        if (model.Head.Strategy == ForecastStrategy.Recursive) Iterate(window, levels);
        else Run(window, _scales, levels, _layout.Horizon, 0);
        for (int h = KnownSteps(window); h < _layout.Horizon; h++)
            for (int n = 0; n < _layout.Targets * _levels.Length; n++) levels[(n * _layout.Horizon) + h] = double.NaN;
        if (!model.Head.NonNegative) return;
        foreach (ref double value in levels) value = value < 0 ? 0 : value;
    }

    /// <summary>The divisor of a target's window in the last call of <see cref="Forecast"/>, in the data's unit.</summary>
    public double ScaleOf(int target) => _scales[target].Scale;

    /// <summary>The values of a column from what the last call of <see cref="Forecast"/> gave.</summary>
    /// <param name="output">The column.</param>
    /// <param name="levels">The quantiles, or the point forecast, [K, Q, H].</param>
    /// <param name="destination">Receives the values, [H].</param>
    public void Select(ForecastOutput output, ReadOnlySpan<double> levels, Span<double> destination)
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
            double margin = margins[h] * _scales[output.Target].Scale;
            double value = isLower ? Math.Min(bound[h] - margin, forecast[h]) : Math.Max(bound[h] + margin, forecast[h]);
            destination[h] = model.Head.NonNegative && value < 0 ? 0 : value;
        }
    }

    private static WindowLayout NetworkLayout(LstmForecastingModelParameters model) =>
        model.Head.Strategy == ForecastStrategy.Recursive ? model.Layout.OneStep : model.Layout;

    private void Run(ReadOnlySpan<double> window, WindowScale[] scales, Span<double> levels, int horizon, int first)
    {
        int K = _layout.Targets, Q = _levels.Length, H = _layout.Horizon;
        _encoder.Encode(window, _inputs, _step.Features, scales);
        _encoder.Scales(window, _inputs, _step.Features, scales, _steps, _scratch);
        if (_encoder.Linear is not { NetworkShare: 0 }) _predictor.Predict(_inputs, _outputs);
        ReadOnlySpan<float> outputs = _outputs.AsSpan(_step.ReadsHorizon ? _step.WindowSize * K * Q : 0);
        for (int h = 0; h < horizon; h++)
        {
            for (int k = 0; k < K; k++)
            {
                WindowScale scale = _steps[(h * K) + k];
                for (int q = 0; q < Q; q++) _levels[q] = scale.ToData(outputs[(((h * K) + k) * Q) + q]);
                if (Q > 1) Array.Sort(_levels); // so that quantiles never cross (Chernozhukov, Fernández-Val and Galichon 2010)
                for (int q = 0; q < Q; q++) levels[(((k * Q) + q) * H) + first + h] = _levels[q];
            }
        }
    }

    /// <summary>Forecasts one row after the other, each from a window that ends with the forecasts before it.</summary>
    private void Iterate(ReadOnlySpan<double> window, Span<double> levels)
    {
        int H = _layout.Horizon;
        for (int h = 0; h < H; h++)
        {
            for (int k = 0; k < _layout.Targets; k++) Slide(window.Slice(_layout.TargetAt(k), _layout.History), levels.Slice(k * H, H), h, _window.AsSpan(_step.TargetAt(k), _step.History));
            for (int i = 0; i < _layout.Future; i++) window.Slice(_layout.FutureAt(i) + h, _step.TimeSteps).CopyTo(_window.AsSpan(_step.FutureAt(i)));
            for (int i = 0; i < _layout.Calendar; i++) SlideCalendar(window, i, h);
            window[_layout.StaticAt..].CopyTo(_window.AsSpan(_step.StaticAt));
            Run(_window, h == 0 ? _scales : _stepScales, levels, 1, h);
        }
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
    private void SlideCalendar(ReadOnlySpan<double> window, int channel, int step)
    {
        ReadOnlySpan<double> all = window.Slice(_layout.CalendarAt(channel), _layout.TimeSteps);
        Span<double> destination = _window.AsSpan(_step.CalendarAt(channel), _step.TimeSteps);
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
