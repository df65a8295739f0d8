namespace MlnetClip;

/// <summary>How the head of a model pools the time steps.</summary>
public enum Pooling
{
    /// <summary>
    /// The final state: the last time step of a sequence, and of the backward direction of a bidirectional layer the first one,
    /// where that direction ends.
    /// </summary>
    Last,

    /// <summary>The mean over the time steps of a sequence.</summary>
    Mean,

    /// <summary>The maximum over the time steps of a sequence, unit by unit.</summary>
    Max,

    /// <summary>No pooling: one output for each time step.</summary>
    EveryStep,
}
