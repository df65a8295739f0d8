using MlnetClip.Forecasting;

namespace MlnetClip;

/// <summary>A forecaster as a model file holds it, read without Microsoft.ML's loader.</summary>
public sealed class SavedForecaster
{
    internal SavedForecaster(ForecasterDescription description, LstmForecastingModelParameters model, LstmTrainingReport training) =>
        (Description, Model, Training) = (description, model, training);

    /// <summary>The column that is forecast; the first one where there are several.</summary>
    public string InputColumnName => Description.Columns.Targets[0];

    /// <summary>The columns that are forecast.</summary>
    public IReadOnlyList<string> TargetColumnNames => Description.Columns.Targets;

    /// <summary>The output column of the options; see <see cref="LstmForecastingTransformer.OutputColumnName"/>.</summary>
    public string OutputColumnName => Description.OutputColumnName;

    /// <summary>The trained network.</summary>
    public LstmForecastingModelParameters Model { get; }

    /// <summary>How it was trained.</summary>
    public LstmTrainingReport Training { get; }

    /// <summary>The columns and what else decides the output apart from the network.</summary>
    internal ForecasterDescription Description { get; }
}
