using System.Globalization;
using MlnetClip.Settings;

namespace MlnetClip.Clipping;

/// <summary>
/// Skips a step whose loss or norm is more than <paramref name="Deviations"/> standard deviations above the mean of the last
/// <paramref name="Window"/> steps, as OLMo-core and Levanter do. It begins when there are half as many steps. The gradient itself is not changed.
/// </summary>
/// <remarks>
/// Deviations are those of a sample (divided by n - 1). The figures of a skipped step enter the window too, so that a level that stays is accepted in the end. A
/// loss that is not finite is a spike and enters nothing; without a known loss only the norm counts.
/// </remarks>
internal sealed record SkipSpikeRule(float Deviations, int Window) : IClippingRule
{
    public const float DefaultDeviations = 6;
    public const int DefaultWindow = 128;

    public string Text =>
        $"skip-spike:{SettingNumber.Print(Deviations)}{(Window == DefaultWindow ? "" : $",window={Window.ToString(CultureInfo.InvariantCulture)}")}";

    public string Describe(in ClippingStep step) =>
        $"a step is skipped when its loss, or its norm over {step.Parameters}, is more than {SettingNumber.Print(Deviations)} standard deviations above the mean of the last {Window} steps, "
        + $"once there are {Least}";

    public ClippingState CreateState(GradientGroup gradients) => new SpikeWindow(Window);

    public ClipReport Apply(GradientGroup gradients, in ClippingStep step, ClippingState? state)
    {
        var window = (SpikeWindow)state!;
        double norm = gradients.Norm, loss = step.Loss;
        double limit = Limit(window.Norms);
        if (norm > limit || loss > Limit(window.Losses) || double.IsInfinity(loss)) gradients.SkipStep();
        window.Norms.Add(norm);
        if (double.IsFinite(loss)) window.Losses.Add(loss);
        return gradients.Report(limit);
    }

    private int Least => Math.Max(2, Window / 2);

    private double Limit(RecentFigures figures) =>
        figures.Count < Least ? double.PositiveInfinity : figures.Mean + (Deviations * figures.Deviation);
}
