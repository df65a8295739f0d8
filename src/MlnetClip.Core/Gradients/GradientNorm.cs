namespace MlnetClip;

/// <summary>2-norm of one part of the gradient in the last step, before and after clipping.</summary>
/// <param name="Name">The layer, tensor, or tensor and gate.</param>
/// <param name="Before">As the backward pass left it.</param>
/// <param name="After">As the optimizer gets it.</param>
public readonly record struct GradientNorm(string Name, double Before, double After);
