namespace MlnetClip.Search.Conclusions;

/// <summary>What a study found about clipping.</summary>
public enum Verdict
{
    /// <summary>Clipping helps, over a range of thresholds or at one.</summary>
    Helps,

    /// <summary>Clipping is needed: without it, or with too large a threshold, training diverges.</summary>
    Needed,

    /// <summary>Clipping helps, and the best threshold is the smallest that was tried.</summary>
    SmallerIsBetter,

    /// <summary>Clipping only hurts: none is best.</summary>
    OnlyHurts,

    /// <summary>No setting is better than no clipping, beyond the noise between seeds.</summary>
    NoDifference,

    /// <summary>Clipping makes no difference, and the gradient vanishes over the time steps.</summary>
    Vanishing,

    /// <summary>Training without clipping took too long or threw, so that nothing can be said about whether clipping helps.</summary>
    NotCompared,

    /// <summary>No trial ran to its end.</summary>
    NothingTrained,
}
