using System.Globalization;

namespace MlnetClip.Models;

/// <summary>
/// Layer normalization of each time step's values (Ba et al., 2016), <c>nn.LayerNorm</c>: (x - mean) / sqrt(variance + epsilon),
/// times a weight plus a bias for each value.
/// </summary>
/// <param name="Epsilon">Above 0 and finite; 1e-5 by default.</param>
public sealed record LayerNormalizationSpec(float Epsilon = 1e-5f) : LayerSpec
{
    internal override int OutputsOf(int inputs) => inputs;

    /// <summary>For example <c>layernorm(1E-05)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"layernorm({Epsilon})");
}
