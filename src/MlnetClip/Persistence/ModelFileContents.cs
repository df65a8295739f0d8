namespace MlnetClip;

/// <summary>What <see cref="ModelFile.Inspect(string)"/> found in a model file.</summary>
/// <param name="Forecasters">The forecasters, in the order of the pipeline; empty where there is none.</param>
/// <param name="SequenceModels">The models over sequences, in the order of the pipeline; empty where there is none.</param>
/// <param name="Components">All components: what Microsoft.ML would load, and from which assemblies.</param>
/// <param name="UnpackedBytes">Bytes of all entries of the file together, unpacked.</param>
public sealed record ModelFileContents(
    IReadOnlyList<SavedForecaster> Forecasters, IReadOnlyList<SavedSequenceModel> SequenceModels, IReadOnlyList<SavedComponent> Components, long UnpackedBytes);
