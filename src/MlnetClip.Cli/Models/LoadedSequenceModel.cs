using Microsoft.ML;
using MlnetClip.Cli.Tasks;

namespace MlnetClip.Cli.Models;

/// <summary>A model file with a model over sequences, saved by the tool.</summary>
/// <param name="Path">The path as the user wrote it.</param>
/// <param name="Transformer">The whole pipeline.</param>
/// <param name="Task">What it predicts.</param>
/// <param name="Predictor">The trained network's transformer.</param>
/// <param name="Schema">The columns that it was fitted on; null where the file does not say.</param>
/// <param name="Metadata">What the tool added to the file.</param>
internal sealed record LoadedSequenceModel(
    string Path, ITransformer Transformer, SequenceTask Task, LstmPredictionTransformer Predictor, DataViewSchema? Schema, ModelMetadata Metadata)
    : AnyModel(Path, Transformer, Schema, Metadata)
{
    /// <summary>What the tool stored of its columns.</summary>
    public SequenceMetadata Columns => Metadata!.Sequences!;
}
