namespace MlnetClip;

/// <summary>What a fit is about to do, for observers, before its first step.</summary>
/// <param name="Epochs">The epochs that it runs, unless it stops early.</param>
/// <param name="Clipping">How it clips gradients.</param>
/// <param name="Options">Every option that shapes the fit, by name, in text form.</param>
/// <param name="Data">What distinguishes the rows that it reads from others: their number, how many are for training, and a hash of the values.</param>
/// <param name="HasValidation">Whether it validates after each epoch.</param>
/// <param name="CheckpointPath">The file that keeps its state; null for none.</param>
public sealed record FitDescription(
    int Epochs, GradientClipping Clipping, IReadOnlyDictionary<string, string> Options, string Data, bool HasValidation, string? CheckpointPath);
