using MlnetClip.Search.Pruners;

namespace MlnetClip;

/// <summary>
/// Decides when to stop a trial early. A pruner is an immutable value without state and uses trials of earlier
/// generations only, so its answer depends neither on timing nor on the number of workers.
/// </summary>
public interface IPruner
{
    /// <summary>Whether the trial should stop now.</summary>
    bool ShouldPrune(PruneRequest request);
}
