namespace MlnetClip.Checkpoints;

/// <summary>A field that must be equal for a checkpoint to be resumed.</summary>
/// <param name="Name">The name, for example <c>BatchSize</c>; unique among the fields of a fit.</param>
/// <param name="Value">The value as text, compared ordinally.</param>
/// <param name="Hint">A hint to show when the values differ, or null; it is neither compared nor stored.</param>
public sealed record CheckpointField(string Name, string Value, string? Hint = null);
