using Microsoft.ML;

namespace MlnetClip.Cli.Models;

/// <summary>A trainer over sequences whose every fit starts from a model.</summary>
/// <param name="trainer">The trainer.</param>
/// <param name="start">The model.</param>
internal sealed class StartedSequences(LstmSequenceTrainer trainer, LstmModelParameters start) : IEstimator<LstmPredictionTransformer>
{
    /// <summary>The trainer, which starts from a model where there is one.</summary>
    public static IEstimator<LstmPredictionTransformer> From(LstmSequenceTrainer trainer, LstmModelParameters? start) => start is null ? trainer : new StartedSequences(trainer, start);

    /// <inheritdoc/>
    public LstmPredictionTransformer Fit(IDataView input) => trainer.Fit(input, null, start);

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => trainer.GetOutputSchema(inputSchema);
}
