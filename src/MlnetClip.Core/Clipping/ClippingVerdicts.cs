using MlnetClip.Optimizers;

namespace MlnetClip.Clipping;

/// <summary>Draws conclusions from the figures of a fit; <see cref="ClippingVerdictText"/> writes them as text.</summary>
internal static class ClippingVerdicts
{
    /// <summary>Above this share, steps that were skipped as spikes are not spikes.</summary>
    public const double MostRefused = 0.5;

    /// <summary>Finite steps below which it cannot be said that most steps are clipped: gradients are often largest in the first steps.</summary>
    public const int FewestSteps = 20;

    /// <summary>Where the 90% quantile of the norm is more than so many times the 10% quantile, steps of one length and steps in proportion to the gradient are not alike.</summary>
    private const double WidestSpread = 3;

    /// <summary>The verdicts on a fit; at least one.</summary>
    public static IReadOnlyList<ClippingVerdict> Of(ClippingSummary summary)
    {
        List<ClippingVerdict> verdicts = [OnRules(summary)];
        if (summary.Steps > 0 && HasBackpropLimit(summary))
            verdicts.Add(new(summary.ShareLimitedInside == 0 ? ClippingConclusion.BackpropNeverLimited : ClippingConclusion.BackpropLimited, summary));
        if (summary.NonFiniteSteps > 0) verdicts.Add(new(ClippingConclusion.NonFiniteSteps, summary));
        if (TimeStepReach.Of(summary.TimeStepNorms) is { IsVanishing: true } reach)
            verdicts.Add(new(ClippingConclusion.VanishingGradient, summary) { Reach = reach });
        return verdicts;
    }

    private static ClippingVerdict OnRules(ClippingSummary summary)
    {
        if (summary.Steps == 0) return new(ClippingConclusion.NoStep, summary);
        if (summary.FiniteSteps == 0) return new(ClippingConclusion.NoFiniteStep, summary);
        if (summary.Rules.Count == 0) return new(ClippingConclusion.NoRules, summary);
        string[] idle = NeverInForce(summary);
        if (summary.ClippedSteps == 0 && summary.RefusedSteps == 0)
            return new(idle.Length == summary.Rules.Count ? ClippingConclusion.NeverInForce : ClippingConclusion.NeverClipped, summary) { RulesNeverInForce = idle };
        bool most = summary.RefusedSteps > MostRefused * summary.FiniteSteps || (summary.ShareClipped > ClippingVerdict.MostSteps && !UpdatesVanish(summary));
        if (most && summary.FiniteSteps < FewestSteps) return new(ClippingConclusion.TooFewSteps, summary) { RulesNeverInForce = idle };
        if (summary.RefusedSteps > MostRefused * summary.FiniteSteps) return new(ClippingConclusion.MostStepsSkipped, summary) { RulesNeverInForce = idle };
        if (summary.ShareClipped <= ClippingVerdict.MostSteps) return new(ClippingConclusion.SomeStepsClipped, summary) { RulesNeverInForce = idle };
        if (UpdatesVanish(summary)) return new(ClippingConclusion.UpdatesVanish, summary) { RulesNeverInForce = idle };
        bool rate = ActsAsLearningRate(summary);
        return new(ClippingConclusion.MostStepsClipped, summary)
        {
            RulesNeverInForce = idle,
            ActsAsLearningRate = rate,
            EquivalentLearningRate = rate ? summary.LearningRate * summary.MeanReduction : double.NaN,
        };
    }

    private static string[] NeverInForce(ClippingSummary summary)
    {
        if (summary.StepsInForce.Count != summary.Rules.Count) return []; // written by version 0.1, which did not count them
        bool read = GradientClipping.TryParse(summary.Clipping, out GradientClipping? clipping) && clipping.Rules.Count == summary.Rules.Count;
        return [.. Enumerable.Range(0, summary.Rules.Count).Where(i => summary.StepsInForce[i] == 0)
            .Select(i => read ? clipping!.Rules[i].Text : summary.Clipping)]; // a custom rule may not be registered in this process
    }

    private static bool HasBackpropLimit(ClippingSummary summary) =>
        GradientClipping.TryParse(summary.Clipping, out GradientClipping? clipping)
            ? clipping.BackpropClipping is { HasLimit: true }
            : summary.ShareLimitedInside > 0;

    /// <summary>
    /// Plain gradient descent multiplies the gradient by the learning rate, so a factor on one is a factor on the other. That does
    /// not hold for weight decay, which the learning rate multiplies and clipping does not, nor where the factors differ much between steps.
    /// </summary>
    private static bool ActsAsLearningRate(ClippingSummary summary) =>
        Optimizer.TryParse(summary.Optimizer, out Optimizer? optimizer) && optimizer is Sgd { WeightDecay: 0 }
        && summary.RescaledSteps == summary.ClippedSteps && !IsWide(summary.NormQuantiles);

    private static bool IsWide(IReadOnlyList<double> quantiles) =>
        quantiles.Count == ClippingSummary.QuantileShares.Count && quantiles[7] > WidestSpread * quantiles[3]; // 90% and 10%

    /// <summary>For an optimizer that divides by the size of recent gradients plus epsilon: below epsilon, its steps are less than half as long as usual.</summary>
    private static bool UpdatesVanish(ClippingSummary summary)
    {
        if (summary.Elements == 0 || !Optimizer.TryParse(summary.Optimizer, out Optimizer? optimizer)) return false;
        return optimizer.ScaleFreeAbove is { } epsilon && summary.ElementAfterClipping < epsilon;
    }
}
