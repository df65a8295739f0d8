using MlnetClip.Search.Pruners;

namespace MlnetClip;

/// <summary>
/// Says when a trial is not worth going on with. A pruner is an immutable value without memory, and sees trials of earlier
/// generations only: what it says depends neither on timing nor on how many workers there are.
/// </summary>
public interface IPruner
{
    /// <summary>Whether the trial should stop now.</summary>
    bool ShouldPrune(PruneRequest request);
}
