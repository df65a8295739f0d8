namespace MlnetClip.Search.Trials;

/// <summary>Why a trial has no value.</summary>
public enum FailureKind
{
    /// <summary>Its value, or one on the way, was NaN or infinite.</summary>
    NonFinite,

    /// <summary>It threw.</summary>
    Exception,

    /// <summary>It took longer than a trial may.</summary>
    Timeout,

    /// <summary>The processes that ran it vanished, as often as a trial may be tried.</summary>
    ProcessLost,
}
