namespace MlnetClip;

/// <summary>A part of the gradient whose norm a <see cref="TrainingTrace"/> records: one gate of a layer over all of its tensors, or a layer without gates.</summary>
/// <param name="Layer">The name of the layer: <c>layer 0</c>, <c>head</c>.</param>
/// <param name="Gate">The name of the gate, for example <c>f</c> for the forget gate of an LSTM; empty for parameters without gates, and where a model has too many gates to record.</param>
public sealed record GradientPart(string Layer, string Gate)
{
    /// <summary>The layer, with the gate if there is one: <c>layer 0, gate f</c>.</summary>
    public override string ToString() => Gate.Length == 0 ? Layer : $"{Layer}, gate {Gate}";
}
