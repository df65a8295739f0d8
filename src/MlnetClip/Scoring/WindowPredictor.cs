using MlnetClip.Inference;

namespace MlnetClip.Scoring;

/// <summary>The network of a model over one window at a time, from the data's unit to the data's unit. Not safe for calls from several threads at a time.</summary>
/// <param name="model">The trained model.</param>
internal sealed class WindowPredictor(LstmForecastingModelParameters model)
{
    private readonly float[] _inputs = new float[model.WindowSize];
    private readonly SequencePredictor _predictor = new(model.Packed);

    /// <summary>The values of the rows that follow a window.</summary>
    /// <param name="window">[T] values without gaps, in the data's unit; one that is NaN makes the forecast NaN.</param>
    /// <param name="destination">Receives the forecast, [horizon].</param>
    public void Forecast(ReadOnlySpan<float> window, Span<float> destination)
    {
        double origin = model.Scaler.Origin(window);
        for (int t = 0; t < window.Length; t++)
        {
            if (float.IsNaN(window[t]))
            {
                destination.Fill(float.NaN);
                return;
            }

            _inputs[t] = model.Scaler.ToNetwork(window[t], origin);
        }

        _predictor.Predict(_inputs, destination);
        foreach (ref float value in destination) value = model.Scaler.ToData(value, origin);
    }
}
