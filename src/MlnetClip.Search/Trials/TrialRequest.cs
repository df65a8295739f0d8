namespace MlnetClip;

/// <summary>A trial that a plan asks for.</summary>
/// <param name="Stage">What it is for.</param>
/// <param name="Point">What to try.</param>
/// <param name="Seed">Which of the study's seeds to train with, 0 or more; trials of the same number are comparable.</param>
public sealed record TrialRequest(TrialStage Stage, SearchPoint Point, int Seed = 0);
