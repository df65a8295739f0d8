using Microsoft.ML;

namespace MlnetClip.Cli.Models;

/// <summary>A model file's contents, whatever its task.</summary>
/// <param name="Path">The path as the user wrote it.</param>
/// <param name="Transformer">The whole model: the trained network's transformer, or a pipeline with it.</param>
/// <param name="Schema">The columns that it was fitted on; null where the file does not say.</param>
/// <param name="Metadata">What the tool added to the file; null for a model that was saved without it.</param>
internal abstract record AnyModel(string Path, ITransformer Transformer, DataViewSchema? Schema, ModelMetadata? Metadata);
