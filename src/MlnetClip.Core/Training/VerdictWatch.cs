namespace MlnetClip.Training;

/// <summary>Finds the conclusions about clipping that a running fit comes to for the first time.</summary>
/// <param name="clipping">The clipping setting.</param>
internal sealed class VerdictWatch(GradientClipping clipping)
{
    private readonly HashSet<ClippingConclusion> _known = [];

    /// <summary>The verdicts with a conclusion that no earlier call had.</summary>
    /// <param name="summary">The figures so far.</param>
    public IEnumerable<ClippingVerdict> Next(ClippingSummary summary)
    {
        if (summary.FiniteSteps < FitObservers.StepsBeforeVerdicts && summary.NonFiniteSteps < FitObservers.StepsBeforeVerdicts) return [];
        return summary.Verdicts.Where(verdict => IsNews(verdict.Conclusion) && _known.Add(verdict.Conclusion));
    }

    /// <summary>A rule that is not in force may still be measuring, and some rules are made to change most steps.</summary>
    private bool IsNews(ClippingConclusion conclusion) => conclusion switch
    {
        ClippingConclusion.NeverInForce => false,
        ClippingConclusion.MostStepsClipped => !clipping.IsMeantForMostSteps,
        _ => true,
    };
}
