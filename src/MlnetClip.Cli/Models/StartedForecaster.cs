using Microsoft.ML;

namespace MlnetClip.Cli.Models;

/// <summary>A forecaster's trainer whose every fit starts from a model.</summary>
/// <param name="trainer">The trainer.</param>
/// <param name="start">The model.</param>
internal sealed class StartedForecaster(LstmForecastingTrainer trainer, LstmForecastingModelParameters start) : IEstimator<LstmForecastingTransformer>
{
    /// <inheritdoc/>
    public LstmForecastingTransformer Fit(IDataView input) => trainer.Fit(input, null, start);

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => trainer.GetOutputSchema(inputSchema);
}
