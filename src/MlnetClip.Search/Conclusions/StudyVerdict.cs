namespace MlnetClip;

/// <summary>What a study found about clipping.</summary>
public enum StudyVerdict
{
    /// <summary>Clipping helps, over a range of thresholds or at one.</summary>
    Helps,

    /// <summary>Clipping is needed: without it, or with too large a threshold, training diverges.</summary>
    Needed,

    /// <summary>Clipping helps, and the best threshold is the smallest that was tried.</summary>
    SmallestIsBest,

    /// <summary>Clipping only hurts: training without it is best.</summary>
    OnlyHurts,

    /// <summary>No difference between clipping and no clipping stands out from the noise between seeds.</summary>
    NoDifference,

    /// <summary>Clipping makes no difference, and the gradient vanishes over the time steps.</summary>
    Vanishing,

    /// <summary>Too little was seen to compare clipping with no clipping; <see cref="StudyConclusion.Reason"/> says what is missing.</summary>
    CannotTell,

    /// <summary>No trial ran to its end.</summary>
    NothingTrained,
}
