using MlnetClip.Settings;

namespace MlnetClip.Clipping;

/// <summary>Limits every element to a range: <c>g = min(max(g, lower), upper)</c>. The direction of the gradient changes.</summary>
/// <remarks>With <paramref name="Lower"/> null the range is symmetric. A measured limit is a multiple of the mean largest magnitude.</remarks>
internal sealed record ValueRule(float? Lower, Schedule Upper, ThresholdUnits Units) : IClippingRule
{
    public string Text => $"value:{(Lower is { } lower ? SettingNumber.Print(lower) + "," : "")}{Upper}{Units.Option()}";

    public string Describe(in ClippingStep step) =>
        (Lower is { } lower
            ? $"limits every element to the range from {SettingNumber.Print(lower)} to {Upper}"
            : $"limits every element to {Upper} in magnitude") + Units.Words(step);

    public ClippingState? CreateState(GradientGroup gradients) => Upper.IsMeasured ? new MeasuredThreshold([""], Upper.At(default)) : null;

    public ClipReport Apply(GradientGroup gradients, in ClippingStep step, ClippingState? state)
    {
        if (state is MeasuredThreshold measured) return ApplyMeasured(gradients, measured);
        double divisor = Units.Divisor(step);
        float upper = (float)(Upper.At(step) / divisor);
        float lower = Lower is { } fixedLower ? (float)(fixedLower / divisor) : -upper;
        gradients.Clamp(lower, upper);
        return gradients.Report(upper);
    }

    /// <summary>Measures the largest magnitude in the first steps; after that, the limit is the factor times its mean.</summary>
    private ClipReport ApplyMeasured(GradientGroup gradients, MeasuredThreshold measured)
    {
        if (measured.Count < Upper.Length)
        {
            measured.Add(0, gradients.NormOfOrder(double.PositiveInfinity));
            measured.NextStep();
            return gradients.Report(double.PositiveInfinity);
        }

        float limit = (float)Math.Min(measured.Threshold(0), float.MaxValue);
        gradients.Clamp(-limit, limit);
        return gradients.Report(limit);
    }
}
