namespace MlnetClip.Search.Running;

/// <summary>The outcome of a trial.</summary>
/// <param name="Value">The value; lower is better. NaN and infinity make the trial fail.</param>
/// <param name="Pruned">Whether the trial was pruned; the value is then the last one it reported.</param>
public readonly record struct TrialOutcome(double Value, bool Pruned = false);
