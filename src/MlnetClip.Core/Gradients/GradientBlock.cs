namespace MlnetClip.Gradients;

/// <summary>The smallest part of a gradient whose norm is kept: one gate of one parameter, or a parameter without gates.</summary>
/// <param name="Parameter">Index in the parameter set.</param>
/// <param name="Gate">Index of the gate, or -1.</param>
/// <param name="Offset">First element in the flat buffer.</param>
/// <param name="Length">Number of elements.</param>
internal readonly record struct GradientBlock(int Parameter, int Gate, int Offset, int Length);
