namespace MlnetClip;

/// <summary>What a <see cref="NonFinitePolicy"/> does when a gradient holds a NaN or an infinity.</summary>
public enum NonFiniteAction
{
    /// <summary>End the fit with a <see cref="NonFiniteGradientException"/>.</summary>
    Throw,

    /// <summary>Leave the step out.</summary>
    SkipStep,

    /// <summary>Set the gradients of the tensors concerned to zero and take the step.</summary>
    ZeroTensor,

    /// <summary>Go back to the last good snapshot with a smaller learning rate.</summary>
    RollBack,
}
