namespace MlnetClip.Training;

/// <summary>Finds the conclusions about clipping that a running fit comes to for the first time.</summary>
/// <param name="clipping">The clipping setting.</param>
/// <param name="epochs">The epochs of the whole fit.</param>
internal sealed class VerdictWatch(GradientClipping clipping, int epochs)
{
    private readonly HashSet<ClippingConclusion> _known = [];

    /// <summary>The verdicts with a conclusion that no earlier call had.</summary>
    /// <param name="summary">The figures so far.</param>
    /// <param name="epoch">The epochs so far.</param>
    public IEnumerable<ClippingVerdict> Next(ClippingSummary summary, int epoch)
    {
        if (summary.FiniteSteps < FitObservers.StepsBeforeVerdicts && summary.NonFiniteSteps < FitObservers.StepsBeforeVerdicts) return [];
        return summary.Verdicts.Where(verdict => IsNews(verdict.Conclusion, epoch) && _known.Add(verdict.Conclusion));
    }

    /// <summary>
    /// A rule that is not in force may still be measuring, and some rules are made to change most steps. With random weights every long sequence has a vanishing
    /// gradient, which training often cures, so it is worth a warning only in the second half of a fit.
    /// </summary>
    private bool IsNews(ClippingConclusion conclusion, int epoch) => conclusion switch
    {
        ClippingConclusion.VanishingGradient => epoch * 2L >= epochs,
        ClippingConclusion.NeverInForce => false,
        ClippingConclusion.MostStepsClipped => !clipping.IsMeantForMostSteps,
        _ => true,
    };
}
