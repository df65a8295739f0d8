namespace MlnetClip.Cli.Models;

/// <summary>A model file, read as data.</summary>
/// <param name="Path">The path as the user wrote it.</param>
/// <param name="Forecaster">The forecaster in it: the last one of a pipeline with several; null for a model over sequences.</param>
/// <param name="Sequences">The last model over sequences; null where there is a forecaster.</param>
/// <param name="Contents">All that was found.</param>
/// <param name="Metadata">What the tool added to the file; null for a model that was saved without it.</param>
internal sealed record InspectedModel(string Path, SavedForecaster? Forecaster, SavedSequenceModel? Sequences, ModelFileContents Contents, ModelMetadata? Metadata)
{
    /// <summary>How it was trained.</summary>
    public LstmTrainingReport Training => Forecaster?.Training ?? Sequences!.Training;
}
