namespace MlnetClip;

/// <summary>Where a trial stands.</summary>
public enum TrialState
{
    /// <summary>Asked for; nobody runs it yet, or whoever did stopped in good order.</summary>
    Waiting,

    /// <summary>Claimed by a worker whose lease has not been given back.</summary>
    Running,

    /// <summary>Ran to its end and has a value.</summary>
    Complete,

    /// <summary>Stopped early because it looked bad; its value is the last one it reported.</summary>
    Pruned,

    /// <summary>Ended without a value; <see cref="Trial.Failure"/> says why.</summary>
    Failed,

    /// <summary>Stopped by its user, alone; the study went on.</summary>
    Cancelled,
}
