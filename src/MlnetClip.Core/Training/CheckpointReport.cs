namespace MlnetClip;

/// <summary>A checkpoint of a fit that was written, or that could not be.</summary>
/// <param name="Path">The file.</param>
/// <param name="Epochs">Finished epochs.</param>
/// <param name="Steps">Finished steps.</param>
/// <param name="Error">Why it could not be written, for example because the disk is full; the file of the checkpoint before it is then as it was. Null where it was written.</param>
public sealed record CheckpointReport(string Path, int Epochs, long Steps, string? Error);
