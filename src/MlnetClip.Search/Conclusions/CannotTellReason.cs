namespace MlnetClip;

/// <summary>Why a study cannot compare clipping with no clipping.</summary>
public enum CannotTellReason
{
    /// <summary>The time ran out before enough fits had finished.</summary>
    TimeIsUp,

    /// <summary>Training with and without clipping does not have two seeds in common, or no clipped setting has as many seeds as training without clipping.</summary>
    TooFewSeeds,

    /// <summary>Training without clipping failed, and did not diverge.</summary>
    UnclippedFailed,

    /// <summary>Every clipped setting failed.</summary>
    ClippedFailed,

    /// <summary>Every clipped setting, or training without clipping, was stopped early or cancelled.</summary>
    Stopped,
}
