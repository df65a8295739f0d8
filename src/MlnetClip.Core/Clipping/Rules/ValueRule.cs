using MlnetClip.Settings;

namespace MlnetClip.Clipping;

/// <summary>Limits every element to a range: <c>g = min(max(g, lower), upper)</c>. The direction of the gradient changes.</summary>
internal sealed record ValueRule(float Lower, float Upper) : IClippingRule
{
    public string Text => Lower == -Upper
        ? $"value:{SettingNumber.Print(Upper)}"
        : $"value:{SettingNumber.Print(Lower)},{SettingNumber.Print(Upper)}";

    public ClipReport Apply(GradientGroup gradients, in ClippingStep step, ClippingState? state)
    {
        gradients.Clamp(Lower, Upper);
        return gradients.Report(Upper);
    }
}
