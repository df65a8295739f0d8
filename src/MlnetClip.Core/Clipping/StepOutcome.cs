using MlnetClip.Clipping;

namespace MlnetClip;

/// <summary>What a training step does with its gradient.</summary>
public enum StepOutcome
{
    /// <summary>The gradient, clipped or not, goes to the optimizer.</summary>
    Applied,

    /// <summary>A tensor's gradient was not finite and was set to zero; the rest goes to the optimizer.</summary>
    ZeroedTensor,

    /// <summary>The optimizer takes no step: the gradient was not finite, or a rule refused it.</summary>
    Skipped,

    /// <summary>The gradient was not finite; parameters and optimizer went back to the last good snapshot.</summary>
    RolledBack,
}
