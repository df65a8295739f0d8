namespace MlnetClip.Search.Running;

/// <summary>How a trial ended that an objective ran.</summary>
/// <param name="Value">The value, less is better; NaN and infinity make the trial fail.</param>
/// <param name="Pruned">Whether the objective stopped because the pruner asked for it; the value is then the last one it reported.</param>
public readonly record struct TrialOutcome(double Value, bool Pruned = false);
