namespace MlnetClip;

/// <summary>A value on the way.</summary>
/// <param name="Step">How far the trial had come, 1 or more, for example the epoch; increasing within a trial.</param>
/// <param name="Value">The value at that step; less is better.</param>
public readonly record struct TrialReport(int Step, double Value);
