using MlnetClip.Search.Pruners;

namespace MlnetClip;

/// <summary>
/// Decides when to stop a trial early. A pruner is an immutable value without state, and sees trials of earlier
/// generations only: its answer depends neither on timing nor on how many workers there are.
/// </summary>
public interface IPruner
{
    /// <summary>Whether the trial should stop now.</summary>
    bool ShouldPrune(PruneRequest request);
}
