namespace MlnetClip.Cli.Models;

/// <summary>A model file, read as data.</summary>
/// <param name="Path">The path as the user wrote it.</param>
/// <param name="Forecaster">The forecaster in it: the last one of a pipeline with several.</param>
/// <param name="Contents">All that was found.</param>
/// <param name="Metadata">What the tool added to the file; null for a model that was saved without it.</param>
internal sealed record InspectedModel(string Path, SavedForecaster Forecaster, ModelFileContents Contents, ModelMetadata? Metadata);
