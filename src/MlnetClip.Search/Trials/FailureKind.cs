namespace MlnetClip;

/// <summary>Why a trial has no value.</summary>
public enum FailureKind
{
    /// <summary>Training diverged: its loss or gradient was NaN or infinite.</summary>
    NonFinite,

    /// <summary>It threw an exception.</summary>
    Exception,

    /// <summary>It exceeded the time limit of a trial.</summary>
    Timeout,

    /// <summary>Its process terminated in every attempt.</summary>
    ProcessLost,

    /// <summary>Training succeeded, but the metric of the fitted pipeline was NaN or infinite.</summary>
    Metric,
}
