using MlnetClip.Search.Trials;

namespace MlnetClip.Search.Running;

/// <summary>
/// Runs one trial, on a thread of its own. It reports on its way, stops with <see cref="TrialOutcome.Pruned"/> when
/// <see cref="TrialContext.ShouldPrune"/> says so, and heeds <see cref="TrialContext.CancellationToken"/>. Whatever it throws is
/// recorded, and the study goes on.
/// </summary>
public delegate TrialOutcome TrialObjective(TrialContext context);
