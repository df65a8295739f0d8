namespace MlnetClip.Search.Trials;

/// <summary>What an objective says of a trial that it ran.</summary>
/// <param name="Value">The value, less is better; NaN and infinity make the trial fail.</param>
/// <param name="Pruned">Whether the objective stopped because the study told it to; the value is then the last one it reported.</param>
public readonly record struct TrialOutcome(double Value, bool Pruned = false);
