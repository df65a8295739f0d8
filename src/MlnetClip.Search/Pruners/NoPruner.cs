using MlnetClip.Search.Pruners;

namespace MlnetClip;

/// <summary>Never stops a trial early.</summary>
public sealed record NoPruner : IPruner
{
    /// <inheritdoc/>
    public bool ShouldPrune(PruneRequest request) => false;

    /// <summary>The text form.</summary>
    public override string ToString() => "none";
}
