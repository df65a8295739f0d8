using System.Globalization;
using System.Text;
using MlnetClip.Settings;

namespace MlnetClip.Clipping;

/// <summary>
/// AdaGC (Wang et al. 2025, arXiv:2502.11034): each tensor's norm is limited to a multiple of a moving average of its own clipped norms,
/// <c>g *= min(limit * a / ||g||, 1)</c>, then <c>a = decay * a + (1 - decay) * ||g||</c>. During the warm-up the global norm is limited to
/// <paramref name="MaxNorm"/> instead, and <c>a</c> is the smallest norm of the tensor after that.
/// </summary>
/// <remarks>A norm of zero is no evidence: it does not enter the smallest norm, and a tensor that had no other norm yet is not limited.</remarks>
internal sealed record AdaptiveTensorRule(float Limit, float Decay, int WarmUpSteps, float MaxNorm) : IClippingRule
{
    public const float DefaultLimit = 1.05f;
    public const float DefaultDecay = 0.98f;
    public const int DefaultWarmUp = 100;
    public const float DefaultMaxNorm = 1;

    public string Text
    {
        get
        {
            StringBuilder text = new StringBuilder("adagc:").Append(SettingNumber.Print(Limit)).Append(',').Append(SettingNumber.Print(Decay));
            if (WarmUpSteps != DefaultWarmUp) text.Append(CultureInfo.InvariantCulture, $",warmup={WarmUpSteps}");
            if (MaxNorm != DefaultMaxNorm) text.Append(",max=").Append(SettingNumber.Print(MaxNorm));
            return text.ToString();
        }
    }

    public string Describe(in ClippingStep step) =>
        $"the norm of each weight matrix and bias is at most {SettingNumber.Print(Limit)} times a moving average of its own clipped norms (decay {SettingNumber.Print(Decay)}); "
        + $"in the first {WarmUpSteps} steps one norm over {step.Parameters} is at most {SettingNumber.Print(MaxNorm)}";

    public ClippingState CreateState(GradientGroup gradients) => new TensorAverages(gradients.PartArray(ClippingScope.Tensor).Length);

    public ClipReport Apply(GradientGroup gradients, in ClippingStep step, ClippingState? state)
    {
        var averages = (TensorAverages)state!;
        GradientGroup[] tensors = gradients.PartArray(ClippingScope.Tensor);
        if (averages.Count < WarmUpSteps)
        {
            gradients.ScaleDownTo(MaxNorm);
            for (int i = 0; i < tensors.Length; i++) averages.Lower(i, tensors[i].Norm);
            averages.NextStep();
            return gradients.Report(MaxNorm);
        }

        double smallest = double.PositiveInfinity;
        for (int i = 0; i < tensors.Length; i++)
        {
            double threshold = Limit * averages[i]; // infinite for a tensor without a norm so far
            smallest = Math.Min(smallest, threshold);
            tensors[i].ScaleDownTo(threshold);
            averages.Follow(i, tensors[i].Norm, Decay);
        }

        averages.NextStep();
        return gradients.Report(smallest);
    }
}
