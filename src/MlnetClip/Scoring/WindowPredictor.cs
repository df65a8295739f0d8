using MlnetClip.Inference;

namespace MlnetClip.Scoring;

/// <summary>The network of a model over one window at a time, from the data's unit to the data's unit. Not safe for calls from several threads at a time.</summary>
/// <param name="model">The trained model.</param>
internal sealed class WindowPredictor(LstmForecastingModelParameters model)
{
    private readonly float[] _inputs = new float[model.WindowSize];
    private readonly float[] _outputs = new float[model.Horizon];
    private readonly SequencePredictor _predictor = new(model.Packed);

    /// <summary>The values of the rows that follow a window.</summary>
    /// <param name="window">[T] values without gaps, in the data's unit; one that is NaN makes the forecast NaN.</param>
    /// <param name="destination">Receives the forecast, [horizon].</param>
    public void Forecast(ReadOnlySpan<double> window, Span<double> destination)
    {
        if (window.Contains(double.NaN))
        {
            destination.Fill(double.NaN);
            return;
        }

        double origin = model.Scaler.ToNetwork(window, _inputs);
        _predictor.Predict(_inputs, _outputs);
        for (int h = 0; h < _outputs.Length; h++) destination[h] = model.Scaler.ToData(_outputs[h], origin);
    }
}
