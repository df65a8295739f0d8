using MlnetClip.Settings;

namespace MlnetClip.Clipping;

/// <summary>Limits every element to a range: <c>g = min(max(g, lower), upper)</c>. The direction of the gradient changes.</summary>
/// <remarks>With <paramref name="Lower"/> null the range is symmetric.</remarks>
internal sealed record ValueRule(float? Lower, ThresholdSchedule Upper, ThresholdUnits Units) : IClippingRule
{
    public string Text => $"value:{(Lower is { } lower ? SettingNumber.Print(lower) + "," : "")}{Upper}{Units.Option()}";

    public string Describe(in ClippingStep step) =>
        (Lower is { } lower
            ? $"limits every element to the range from {SettingNumber.Print(lower)} to {Upper}"
            : $"limits every element to {Upper} in magnitude") + Units.Words(step);

    public ClipReport Apply(GradientGroup gradients, in ClippingStep step, ClippingState? state)
    {
        double divisor = Units.Divisor(step);
        float upper = (float)(Upper.At(step) / divisor);
        float lower = Lower is { } fixedLower ? (float)(fixedLower / divisor) : -upper;
        gradients.Clamp(lower, upper);
        return gradients.Report(upper);
    }
}
