using MlnetClip.Settings;

namespace MlnetClip.Clipping;

/// <summary>
/// Scales each part of the gradient whose norm is above a threshold down to the threshold: <c>g *= maxNorm / ||g||</c>
/// (Pascanu et al. 2013, arXiv:1211.5063). The part's direction is kept.
/// </summary>
/// <remarks>PyTorch divides by the norm plus 1e-6; here the norm after clipping equals the threshold to rounding, and a zero gradient stays zero.</remarks>
internal sealed record NormRule(ClippingScope Scope, Schedule MaxNorm, float NormType, ThresholdUnits Units) : IClippingRule
{
    public string Text =>
        $"{NameOf(Scope)}:{MaxNorm}{(NormType == 2 ? "" : $",p={SettingNumber.Print(NormType)}")}{Units.Option()}";

    public string Describe(in ClippingStep step) => Scope switch
    {
        ClippingScope.Global => $"one norm over {step.Parameters} together, and one scale for all",
        ClippingScope.Layer => "one norm and one scale for each layer, so the whole gradient has no limit",
        ClippingScope.Tensor => "one norm and one scale for each weight matrix and bias, so the whole gradient has no limit",
        _ => "one norm and one scale for each gate of each tensor, so the whole gradient has no limit",
    } + $"; the {(NormType == 2 ? "" : $"{SettingNumber.Print(NormType)}-")}norm is at most {MaxNorm}{Units.Words(step)}";

    public ClippingState? CreateState(GradientGroup gradients) =>
        MaxNorm.IsMeasured
            ? new MeasuredThreshold(Scope == ClippingScope.Global ? [""] : [.. gradients.PartArray(Scope).Select(part => part.NameAs(Scope))], MaxNorm.At(default))
            : null;

    public ClipReport Apply(GradientGroup gradients, in ClippingStep step, ClippingState? state)
    {
        GradientGroup[] parts = gradients.PartArray(Scope);
        if (state is MeasuredThreshold measured) return ApplyMeasured(gradients, parts, measured);
        double threshold = MaxNorm.At(step) / Units.Divisor(step);
        foreach (GradientGroup part in parts) part.ScaleDownTo(threshold, NormType);
        return gradients.Report(threshold);
    }

    public static string NameOf(ClippingScope scope) => scope switch
    {
        ClippingScope.Global => "norm",
        ClippingScope.Layer => "norm-layer",
        ClippingScope.Tensor => "norm-tensor",
        ClippingScope.Gate => "norm-gate",
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "Not a scope."),
    };

    /// <summary>Measures the first steps; after that, the threshold of each part is a multiple of its own mean. The smallest threshold is reported.</summary>
    private ClipReport ApplyMeasured(GradientGroup gradients, GradientGroup[] parts, MeasuredThreshold measured)
    {
        bool measuring = measured.Count < MaxNorm.Length;
        double smallest = double.PositiveInfinity;
        for (int i = 0; i < parts.Length; i++)
        {
            if (measuring)
            {
                measured.Add(i, parts[i].NormOfOrder(NormType));
                continue;
            }

            double threshold = measured.Threshold(i);
            smallest = Math.Min(smallest, threshold);
            parts[i].ScaleDownTo(threshold, NormType);
        }

        if (measuring) measured.NextStep();
        return gradients.Report(smallest);
    }
}
