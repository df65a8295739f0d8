using MlnetClip.Training;

namespace MlnetClip;

/// <summary>Why a fit ended.</summary>
public enum StopReason
{
    /// <summary>All epochs were run.</summary>
    Completed,

    /// <summary>The validation loss stopped improving.</summary>
    EarlyStopped,

    /// <summary>The caller canceled; the best weights so far are kept.</summary>
    Cancelled,
}
