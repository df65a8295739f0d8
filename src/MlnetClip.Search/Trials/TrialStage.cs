namespace MlnetClip;

/// <summary>What a trial is for.</summary>
public enum TrialStage
{
    /// <summary>Measures what the search range is derived from.</summary>
    Calibrate,

    /// <summary>Tries a point that a sampler chose, once; may be pruned.</summary>
    Explore,

    /// <summary>Tries a finalist again with another seed; never pruned.</summary>
    Confirm,
}
