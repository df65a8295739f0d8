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

    /// <summary>The difference between clipping and no clipping is within the noise between seeds.</summary>
    NoDifference,

    /// <summary>Clipping makes no difference, and the gradient vanishes over the time steps.</summary>
    Vanishing,

    /// <summary>There is not enough evidence to compare clipping with no clipping; <see cref="StudyConclusion.Reason"/> says what is missing.</summary>
    CannotTell,

    /// <summary>No trial was trained to the end.</summary>
    NothingTrained,
}
