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

    /// <summary>The past covariates that it reads; empty for none.</summary>
    public IReadOnlyList<string> PastCovariateColumnNames => Description.Columns.Past;

    /// <summary>The future covariates that it reads; empty for none.</summary>
    public IReadOnlyList<string> FutureCovariateColumnNames => Description.Columns.Future;

    /// <summary>The static covariates that it reads; empty for none.</summary>
    public IReadOnlyList<string> StaticCovariateColumnNames => Description.Columns.Static;

    /// <summary>The column of times; null where it reads none.</summary>
    public string? TimeColumnName => Description.Columns.Time;

    /// <summary>The column that says to which series a row belongs; null for a single series.</summary>
    public string? GroupColumnName => Description.Columns.Group;

    /// <summary>The columns that it adds.</summary>
    public IReadOnlyList<string> OutputColumnNames => [.. Description.Outputs(Model.Quantiles).Select(output => output.Column)];

    /// <summary>The output column of the options; see <see cref="LstmForecastingTransformer.OutputColumnName"/>.</summary>
    public string OutputColumnName => Description.OutputColumnName;

    /// <summary>The trained network.</summary>
    public LstmForecastingModelParameters Model { get; }

    /// <summary>How it was trained.</summary>
    public LstmTrainingReport Training { get; }

    /// <summary>The columns and what else decides the output apart from the network.</summary>
    internal ForecasterDescription Description { get; }
}
