using System.Globalization;
using System.Text;
using MlnetClip.Settings;

namespace MlnetClip.Clipping;

/// <summary>
/// ZClip (Kumar et al. 2025, arXiv:2504.02507): a norm more than z standard deviations above its running mean is a spike and
/// is scaled down to <c>mean + z^2 * sd^2 / (norm - mean)</c>: the larger the spike, the lower.
/// </summary>
/// <remarks>
/// That is the paper's <c>mean + z * sd * z / z(norm)</c> without the constant that it adds to the deviation. The statistics use
/// the norm after this scaling and before the ceiling. The ceiling applies from the first step, the rest after the warm-up.
/// </remarks>
internal sealed record ZScoreRule(Schedule Z, float Alpha, int WarmUpSteps, float Ceiling, bool SkipSpikes) : IClippingRule
{
    public const float DefaultZ = 2.5f;
    public const float DefaultAlpha = 0.97f;
    public const int DefaultWarmUp = 25;

    public string Text
    {
        get
        {
            StringBuilder text = new StringBuilder("zclip:").Append(Z);
            if (Alpha != DefaultAlpha) text.Append(",alpha=").Append(SettingNumber.Print(Alpha));
            if (WarmUpSteps != DefaultWarmUp) text.Append(CultureInfo.InvariantCulture, $",warmup={WarmUpSteps}");
            if (float.IsFinite(Ceiling)) text.Append(",ceiling=").Append(SettingNumber.Print(Ceiling));
            if (SkipSpikes) text.Append(",skip=true");
            return text.ToString();
        }
    }

    public string Describe(in ClippingStep step) =>
        $"one norm over {step.Parameters}: a norm {Z} standard deviations above its running mean is a spike and {(SkipSpikes ? "the step is skipped" : "is scaled down")}, "
        + $"after {WarmUpSteps} steps of warm-up{(float.IsFinite(Ceiling) ? $"; never above {SettingNumber.Print(Ceiling)}" : "")}";

    public ClippingState CreateState(GradientGroup gradients) => new ZScoreState();

    public ClipReport Apply(GradientGroup gradients, in ClippingStep step, ClippingState? state)
    {
        var running = (ZScoreState)state!;
        double norm = gradients.Norm;
        if (running.Count < WarmUpSteps)
        {
            running.WarmUp(norm);
            gradients.ScaleDownTo(Ceiling);
            return gradients.Report(Ceiling);
        }

        double z = Z.At(step), mean = running.Mean, limit = z * Math.Sqrt(running.Variance), excess = norm - mean;
        bool spike = excess > limit;
        if (spike && SkipSpikes)
        {
            gradients.SkipStep();
            return gradients.Report(mean + limit);
        }

        double allowed = spike ? mean + (limit * (limit / excess)) : norm;
        double threshold = Math.Min(spike ? allowed : mean + limit, Ceiling);
        gradients.ScaleDownTo(Math.Min(allowed, Ceiling));
        running.Follow(allowed, Alpha);
        return gradients.Report(threshold);
    }
}
