namespace MlnetClip;

/// <summary>A forecaster as a model file holds it, read without Microsoft.ML's loader.</summary>
public sealed class SavedForecaster
{
    internal SavedForecaster(string inputColumnName, string outputColumnName, LstmForecastingModelParameters model, LstmTrainingReport training) =>
        (InputColumnName, OutputColumnName, Model, Training) = (inputColumnName, outputColumnName, model, training);

    /// <summary>The column that is forecast.</summary>
    public string InputColumnName { get; }

    /// <summary>The column with the forecasts.</summary>
    public string OutputColumnName { get; }

    /// <summary>The trained network.</summary>
    public LstmForecastingModelParameters Model { get; }

    /// <summary>How it was trained.</summary>
    public LstmTrainingReport Training { get; }
}
