namespace MlnetClip;

/// <summary>What a <see cref="NonFinitePolicy"/> does when a gradient holds a NaN or an infinity.</summary>
public enum NonFiniteAction
{
    /// <summary>End the fit with a <see cref="NonFiniteGradientException"/>.</summary>
    Throw,

    /// <summary>Skip the step.</summary>
    SkipStep,

    /// <summary>Set the gradients of the affected tensors to zero and take the step.</summary>
    ZeroTensor,

    /// <summary>Roll back to the last snapshot and lower the learning rate.</summary>
    RollBack,
}
