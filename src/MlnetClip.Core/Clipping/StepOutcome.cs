using MlnetClip.Clipping;

namespace MlnetClip;

/// <summary>What a training step does with its gradient.</summary>
public enum StepOutcome
{
    /// <summary>The update uses the gradient, clipped or not.</summary>
    Applied,

    /// <summary>Gradients of tensors that were not finite were set to zero; the update uses the rest.</summary>
    ZeroedTensor,

    /// <summary>There is no update: the gradient was not finite, or a rule skipped it as a spike.</summary>
    Skipped,

    /// <summary>The gradient was not finite; parameters and optimizer were restored from the last snapshot.</summary>
    RolledBack,
}
