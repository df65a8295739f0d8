using System.Globalization;

namespace MlnetClip.Models;

/// <summary>Dropout: while training, each element is zero with the given probability and divided by 1 - p otherwise.</summary>
/// <param name="Probability">p, 0 or more and below 1.</param>
public sealed record DropoutSpec(float Probability) : LayerSpec
{
    internal override int OutputsOf(int inputs) => inputs;

    /// <summary>For example <c>dropout(0.2)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"dropout({Probability})");
}
