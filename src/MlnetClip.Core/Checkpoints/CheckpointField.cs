namespace MlnetClip.Checkpoints;

/// <summary>Something that must be equal for a checkpoint to be resumed.</summary>
/// <param name="Name">What it is, for example <c>BatchSize</c>; unique among the fields of a fit.</param>
/// <param name="Value">Its value as a text, compared character by character.</param>
/// <param name="Hint">What to say when the values differ, or null; it is neither compared nor stored.</param>
public sealed record CheckpointField(string Name, string Value, string? Hint = null);
