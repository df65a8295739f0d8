namespace MlnetClip;

/// <summary>2-norm of one part of the gradient in the last step, before and after clipping.</summary>
/// <param name="Name">The layer, tensor, or tensor and gate.</param>
/// <param name="Before">The norm after the backward pass.</param>
/// <param name="After">The norm that the update uses.</param>
public readonly record struct GradientNorm(string Name, double Before, double After);
