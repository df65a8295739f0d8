namespace MlnetClip.Clipping;

/// <summary>Divides the gradient by its norm: every step has length 1 before the learning rate. A zero gradient stays zero.</summary>
internal sealed record NormalizeRule : IClippingRule
{
    public string Text => "normalize";

    public string Describe(in ClippingStep step) => $"one norm over {step.Parameters}: the gradient is divided by it, so that small gradients grow";

    public ClipReport Apply(GradientGroup gradients, in ClippingStep step, ClippingState? state)
    {
        double norm = gradients.Norm;
        if (norm > 0) gradients.Scale(1 / norm);
        return gradients.Report(1);
    }
}
