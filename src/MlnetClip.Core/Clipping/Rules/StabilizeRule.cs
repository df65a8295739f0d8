using MlnetClip.Settings;

namespace MlnetClip.Clipping;

/// <summary>
/// GradientStabilizer, the AdaGN of Stable-SPAM (Huang et al. 2025, arXiv:2502.17055): with moving averages m of the norm and v of its square, both
/// corrected for their start at zero, the gradient gets the norm <c>m / (sqrt(v) + eps)</c>. It is about 1 while norms are steady, less for some steps after a
/// spike, and with the default decays at most 1.41.
/// </summary>
/// <remarks>The size of the gradient is lost, so plain gradient descent needs another learning rate. A zero gradient stays zero.</remarks>
internal sealed record StabilizeRule(float MeanDecay, float SquareDecay) : IClippingRule
{
    public const float DefaultMeanDecay = 0.7f;
    public const float DefaultSquareDecay = 0.9f;

    private const double Epsilon = 1e-8;

    public string Text => $"stabilize:{SettingNumber.Print(MeanDecay)},{SettingNumber.Print(SquareDecay)}";

    public string Describe(in ClippingStep step) =>
        $"one norm over {step.Parameters}: the gradient is divided by it and multiplied by the mean of recent norms over their root mean square "
        + $"(decays {SettingNumber.Print(MeanDecay)} and {SettingNumber.Print(SquareDecay)}), so that its norm is about 1, whatever it was";

    public ClippingState CreateState(GradientGroup gradients) => new StabilizeState();

    public ClipReport Apply(GradientGroup gradients, in ClippingStep step, ClippingState? state)
    {
        var moments = (StabilizeState)state!;
        double norm = gradients.Norm;
        moments.Follow(norm, MeanDecay, SquareDecay);
        double target = moments.Mean(MeanDecay) / (moments.RootMeanSquare(SquareDecay) + Epsilon);
        if (norm > 0) gradients.Scale(target / norm);
        return gradients.Report(target);
    }
}
