namespace MlnetClip;

/// <summary>A trial that a plan requests.</summary>
/// <param name="Stage">The purpose of the trial.</param>
/// <param name="Point">The point to try.</param>
/// <param name="Seed">The index of the study's seed to train with, 0 or more; trials with the same index are comparable.</param>
public sealed record TrialRequest(TrialStage Stage, SearchPoint Point, int Seed = 0);
