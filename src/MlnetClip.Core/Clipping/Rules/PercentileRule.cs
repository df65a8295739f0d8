using System.Globalization;
using MlnetClip.Settings;

namespace MlnetClip.Clipping;

/// <summary>
/// AutoClip (Seetharaman et al. 2020, arXiv:2007.14469): the threshold is a percentile of the norms so far, including
/// this step's; here of the last <paramref name="History"/> norms, so that memory is bounded and old norms are dropped.
/// </summary>
internal sealed record PercentileRule(Schedule Percentile, int History) : IClippingRule
{
    public const int DefaultPercentile = 10;
    public const int DefaultHistory = 1000;

    public string Text =>
        $"autoclip:{Percentile}{(History == DefaultHistory ? "" : $",history={History.ToString(CultureInfo.InvariantCulture)}")}";

    public string Describe(in ClippingStep step) =>
        $"one norm over {step.Parameters}, one scale for all: norm at most percentile {Percentile} of the last {History} norms";

    public ClippingState CreateState(GradientGroup gradients) => new PercentileState(History);

    public ClipReport Apply(GradientGroup gradients, in ClippingStep step, ClippingState? state)
    {
        var history = (PercentileState)state!;
        history.Add(gradients.Norm);
        double threshold = history.Percentile(Percentile.At(step));
        gradients.ScaleDownTo(threshold);
        return gradients.Report(threshold);
    }
}
