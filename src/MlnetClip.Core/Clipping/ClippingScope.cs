using MlnetClip.Clipping;

namespace MlnetClip;

/// <summary>Over which elements a norm is taken and a scale applied.</summary>
public enum ClippingScope
{
    /// <summary>All parameters together: one norm, one scale, the direction of the gradient is kept.</summary>
    Global,

    /// <summary>Each layer on its own, weights and biases together; the head is a layer.</summary>
    Layer,

    /// <summary>Each tensor (weight matrix or bias) on its own.</summary>
    Tensor,

    /// <summary>Each gate's rows of each tensor on their own; a tensor without gates counts as one.</summary>
    Gate,
}
