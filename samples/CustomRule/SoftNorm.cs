using System.Globalization;
using MlnetClip;

namespace CustomRule;

/// <summary>
/// Bends the global norm instead of cutting it: a norm n becomes knee * tanh(n / knee). Small gradients pass almost
/// unchanged, large ones end just below the knee, and the direction is kept.
/// </summary>
internal sealed record SoftNorm(double Knee) : IClippingRule
{
    public string Text => string.Create(CultureInfo.InvariantCulture, $"soft:{Knee}");

    public ClipReport Apply(GradientGroup gradients, in ClippingStep step, ClippingState? state)
    {
        double norm = gradients.Norm;
        if (norm > 0) gradients.Scale(Knee * Math.Tanh(norm / Knee) / norm);
        return gradients.Report(Knee);
    }
}
