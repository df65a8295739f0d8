using MlnetClip.Data;
using MlnetClip.Training;

namespace MlnetClip.Forecasting;

/// <summary>The state between rows: the last window of the series, gaps filled as in training, and the network that reads it.</summary>
/// <param name="model">The trained model.</param>
internal sealed class ForecastStream(LstmForecastingModelParameters model)
{
    // Twice the window, so that the last window is contiguous and values move once in windowSize rows.
    private readonly float[] _values = new float[2 * model.WindowSize];
    private readonly float[] _inputs = new float[model.WindowSize];
    private readonly SequencePredictor _predictor = new(model.Spec, model.Weights);
    private int _count;

    /// <summary>Number of values in a forecast.</summary>
    public int Horizon => model.Horizon;

    /// <summary>Takes the next row. Missing values repeat the last one; those before the first observation are not counted.</summary>
    /// <exception cref="InvalidDataException">The value is infinite.</exception>
    public void Push(float value, string columnName, long row)
    {
        SeriesReader.RefuseInfinite(value, columnName, row);
        if (float.IsNaN(value))
        {
            if (_count == 0) return;
            value = _values[_count - 1];
        }

        if (_count == _values.Length)
        {
            _values.AsSpan(model.WindowSize).CopyTo(_values);
            _count = model.WindowSize;
        }

        _values[_count++] = value;
    }

    /// <summary>The values of the next rows in the data's unit; NaN while fewer rows than a window have been seen.</summary>
    public void Forecast(Span<float> destination)
    {
        if (_count < model.WindowSize)
        {
            destination.Fill(float.NaN);
            return;
        }

        var window = _values.AsSpan(_count - model.WindowSize, model.WindowSize);
        double origin = model.Scaler.Origin(window);
        for (int t = 0; t < window.Length; t++) _inputs[t] = model.Scaler.ToNetwork(window[t], origin);
        _predictor.Predict(_inputs, destination);
        foreach (ref float value in destination) value = model.Scaler.ToData(value, origin);
    }}
