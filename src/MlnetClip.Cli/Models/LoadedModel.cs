using Microsoft.ML;

namespace MlnetClip.Cli.Models;

/// <summary>A model file with a forecaster.</summary>
/// <param name="Path">The path as the user wrote it.</param>
/// <param name="Transformer">The whole model: the forecaster, or a pipeline with it.</param>
/// <param name="Forecaster">The forecaster in it.</param>
/// <param name="Schema">The columns that it was fitted on; null where the file does not say.</param>
/// <param name="Metadata">What the tool added to the file; null for a model that was saved without it.</param>
internal sealed record LoadedModel(string Path, ITransformer Transformer, LstmForecastingTransformer Forecaster, DataViewSchema? Schema, ModelMetadata? Metadata)
    : AnyModel(Path, Transformer, Schema, Metadata);
