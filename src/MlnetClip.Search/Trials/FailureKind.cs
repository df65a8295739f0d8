namespace MlnetClip;

/// <summary>Why a trial has no value.</summary>
public enum FailureKind
{
    /// <summary>Training diverged: its loss or gradient was NaN or infinite.</summary>
    NonFinite,

    /// <summary>It threw.</summary>
    Exception,

    /// <summary>It took longer than a trial may.</summary>
    Timeout,

    /// <summary>The processes that ran it vanished, as often as a trial may be tried.</summary>
    ProcessLost,

    /// <summary>Training went well, but the metric of the fitted pipeline was NaN or infinite.</summary>
    Metric,
}
