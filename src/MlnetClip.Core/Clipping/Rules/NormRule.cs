using MlnetClip.Settings;

namespace MlnetClip.Clipping;

/// <summary>
/// Rescales each part of the gradient whose norm is above a threshold down to it: <c>g *= maxNorm / ||g||</c>
/// (Pascanu et al. 2013, arXiv:1211.5063). The part's direction is kept.
/// </summary>
/// <remarks>PyTorch divides by the norm plus 1e-6; here the norm after is the threshold to rounding, and a zero gradient stays zero.</remarks>
internal sealed record NormRule(ClippingScope Scope, float MaxNorm, float NormType) : IClippingRule
{
    public string Text =>
        $"{NameOf(Scope)}:{SettingNumber.Print(MaxNorm)}{(NormType == 2 ? "" : $",p={SettingNumber.Print(NormType)}")}";

    public ClipReport Apply(GradientGroup gradients, in ClippingStep step, ClippingState? state)
    {
        foreach (GradientGroup part in gradients.PartArray(Scope))
        {
            double norm = part.NormOfOrder(NormType);
            if (norm > MaxNorm) part.Scale(MaxNorm / norm);
        }

        return gradients.Report(MaxNorm);
    }

    public static string NameOf(ClippingScope scope) => scope switch
    {
        ClippingScope.Global => "norm",
        ClippingScope.Layer => "norm-layer",
        ClippingScope.Tensor => "norm-tensor",
        ClippingScope.Gate => "norm-gate",
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "Not a scope."),
    };
}
