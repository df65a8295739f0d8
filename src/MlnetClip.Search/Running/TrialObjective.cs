
namespace MlnetClip.Search.Running;

/// <summary>
/// Runs one trial, on a thread of its own. It reports on its way, stops with <see cref="TrialOutcome.Pruned"/> when
/// <see cref="TrialContext.ShouldPrune"/> says so, and observes <see cref="TrialContext.CancellationToken"/>. Whatever it throws is
/// recorded, a <see cref="TrialFailedException"/> with the kind of failure that it names, and the study goes on.
/// </summary>
public delegate TrialOutcome TrialObjective(TrialContext context);
