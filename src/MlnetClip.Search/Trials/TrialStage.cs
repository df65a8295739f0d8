namespace MlnetClip;

/// <summary>The purpose of a trial.</summary>
public enum TrialStage
{
    /// <summary>Measures the norms from which the search range is derived.</summary>
    Calibrate,

    /// <summary>Tries a point that a sampler chose, once; may be pruned.</summary>
    Explore,

    /// <summary>Tries a finalist with another seed; never pruned.</summary>
    Confirm,
}
