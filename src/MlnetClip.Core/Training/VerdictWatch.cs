namespace MlnetClip.Training;

/// <summary>Finds the conclusions about clipping that a running fit comes to for the first time.</summary>
internal sealed class VerdictWatch
{
    private readonly HashSet<ClippingConclusion> _known = [];

    /// <summary>The verdicts with a conclusion that no earlier call had.</summary>
    /// <param name="summary">The figures so far.</param>
    public IEnumerable<ClippingVerdict> Next(ClippingSummary summary)
    {
        if (summary.FiniteSteps < FitObservers.StepsBeforeVerdicts && summary.NonFiniteSteps < FitObservers.StepsBeforeVerdicts) return [];
        return summary.Verdicts.Where(verdict => verdict.Conclusion != ClippingConclusion.NeverInForce && _known.Add(verdict.Conclusion)); // a rule may still be measuring
    }
}
