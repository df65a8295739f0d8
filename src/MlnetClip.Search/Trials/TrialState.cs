namespace MlnetClip;

/// <summary>The state of a trial.</summary>
public enum TrialState
{
    /// <summary>Requested, and not running: not started yet, or stopped regularly.</summary>
    Waiting,

    /// <summary>Claimed by a worker that has not released it.</summary>
    Running,

    /// <summary>Finished with a value.</summary>
    Complete,

    /// <summary>Stopped early because it was not promising; its value is the last one it reported.</summary>
    Pruned,

    /// <summary>Ended without a value; <see cref="Trial.Failure"/> says why.</summary>
    Failed,

    /// <summary>Cancelled by the user, while the study continued.</summary>
    Cancelled,
}
