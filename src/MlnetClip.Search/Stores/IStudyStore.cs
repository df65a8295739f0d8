
namespace MlnetClip;

/// <summary>
/// Keeps a study: its trials and a few notes. Every call is one transaction, so that several workers, and with a file several
/// processes, may work on one study. A trial is claimed by a worker for the length of a lease and renewed while it runs; once
/// a lease has run out, any worker may claim the trial again, and the late worker's result is refused.
/// </summary>
public interface IStudyStore : IDisposable
{
    /// <summary>All trials, in order of their numbers.</summary>
    IReadOnlyList<Trial> GetTrials();

    /// <summary>Adds a generation of waiting trials.</summary>
    /// <param name="count">How many trials the caller believes there are; their numbers follow on.</param>
    /// <param name="requests">One trial or more.</param>
    /// <returns>False, and nothing is added, when there are more already: someone else was first.</returns>
    bool TryAdd(int count, IReadOnlyList<TrialRequest> requests);

    /// <summary>Claims the first trial that waits, or whose lease has run out.</summary>
    /// <param name="owner">Who claims, in words.</param>
    /// <param name="lease">How long the claim holds without <see cref="Renew"/>.</param>
    /// <param name="maxAttempts">How often a trial may be begun; one that was lost that often becomes <see cref="FailureKind.ProcessLost"/> instead.</param>
    /// <returns>The claim, or null when there is nothing to claim now.</returns>
    TrialClaim? TryClaim(string owner, TimeSpan lease, int maxAttempts);

    /// <summary>Extends a claim to a lease from now on.</summary>
    /// <returns>False when the claim is no longer held: someone else took the trial over.</returns>
    bool Renew(TrialClaim claim, TimeSpan lease);

    /// <summary>Writes how a claimed trial ended.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="result">The finished trial.</param>
    /// <returns>False, and nothing is written, when the claim is no longer held.</returns>
    bool Finish(TrialClaim claim, Trial result);

    /// <summary>Gives a claimed trial back to wait, as if it had not been begun.</summary>
    /// <returns>False when the claim is no longer held.</returns>
    bool Release(TrialClaim claim);

    /// <summary>Keeps a text under a key, unless there is one already.</summary>
    /// <returns>The text that is kept now.</returns>
    string Note(string key, string value);
}
