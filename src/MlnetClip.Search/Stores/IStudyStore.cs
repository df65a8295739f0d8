
namespace MlnetClip;

/// <summary>
/// Stores a study: its trials and a few notes. Every call is one transaction, so that several workers, and with a file several
/// processes, can work on one study. A worker claims a trial for the length of a lease and renews it while the trial runs. When
/// a lease has expired, any worker can claim the trial again, and the late worker's result is rejected.
/// </summary>
public interface IStudyStore : IDisposable
{
    /// <summary>All trials, in order of their numbers.</summary>
    IReadOnlyList<Trial> GetTrials();

    /// <summary>Adds a generation of waiting trials.</summary>
    /// <param name="count">The number of trials that the caller knows of; the new trials get the next numbers.</param>
    /// <param name="requests">The trials, at least one.</param>
    /// <returns>False, and nothing is added, when there are already more trials, because another process was first.</returns>
    bool TryAdd(int count, IReadOnlyList<TrialRequest> requests);

    /// <summary>Claims the first trial that is waiting or whose lease has expired.</summary>
    /// <param name="owner">A description of the worker.</param>
    /// <param name="lease">How long the claim holds without <see cref="Renew"/>.</param>
    /// <param name="maxAttempts">The number of attempts at a trial; a trial that was lost in all of them fails with <see cref="FailureKind.ProcessLost"/>.</param>
    /// <returns>The claim, or null when there is nothing to claim now.</returns>
    TrialClaim? TryClaim(string owner, TimeSpan lease, int maxAttempts);

    /// <summary>Renews a claim for the length of a lease from now.</summary>
    /// <returns>False when the claim is no longer held, because another worker has claimed the trial.</returns>
    bool Renew(TrialClaim claim, TimeSpan lease);

    /// <summary>Writes the result of a claimed trial.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="result">The finished trial.</param>
    /// <returns>False, and nothing is written, when the claim is no longer held.</returns>
    bool Finish(TrialClaim claim, Trial result);

    /// <summary>Releases a claimed trial, which then waits as if it had not been started.</summary>
    /// <returns>False when the claim is no longer held.</returns>
    bool Release(TrialClaim claim);

    /// <summary>Stores a text under a key, unless there already is one.</summary>
    /// <returns>The stored text.</returns>
    string Note(string key, string value);
}
