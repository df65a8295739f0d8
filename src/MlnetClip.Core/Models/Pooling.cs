namespace MlnetClip;

/// <summary>What the head of a model reads of the time steps.</summary>
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

    /// <summary>Every time step by itself: one output a step.</summary>
    EveryStep,
}
