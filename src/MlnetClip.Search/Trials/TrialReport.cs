namespace MlnetClip;

/// <summary>An intermediate value.</summary>
/// <param name="Step">The step, for example the epoch, 1 or more; increasing within a trial.</param>
/// <param name="Value">The value at that step; lower is better.</param>
public readonly record struct TrialReport(int Step, double Value);
