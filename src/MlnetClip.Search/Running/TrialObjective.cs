
namespace MlnetClip.Search.Running;

/// <summary>
/// Runs one trial, on its own thread. It reports intermediate values, stops with <see cref="TrialOutcome.Pruned"/> when
/// <see cref="TrialContext.ShouldPrune"/> is true, and observes <see cref="TrialContext.CancellationToken"/>. An exception is
/// recorded as a failure (a <see cref="TrialFailedException"/> with its kind), and the study continues.
/// </summary>
public delegate TrialOutcome TrialObjective(TrialContext context);
