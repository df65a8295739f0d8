namespace MlnetClip.Training;

/// <summary>What the observers of a fit are notified of, and the conclusions about clipping as they are first reached.</summary>
/// <param name="clipping">The clipping setting.</param>
/// <param name="epochs">The epochs of the whole fit.</param>
/// <param name="summarize">The figures so far.</param>
internal sealed class FitNotifier(GradientClipping clipping, int epochs, Func<ClippingSummary> summarize)
{
    private VerdictWatch _verdicts = new(clipping, epochs);

    /// <summary>The observers as one.</summary>
    public ObserverList Observer { get; private set; } = ObserverList.From(null);

    /// <summary>What they ask to be measured.</summary>
    public FitMeasures Measures => Observer.Measures;

    /// <summary>Takes the observers of a run. What a resumed fit concluded before is not reported again.</summary>
    /// <returns>Whether there are any.</returns>
    public bool Begin(IFitObserver? observer, int resumedAfter)
    {
        Observer = ObserverList.From(observer);
        _verdicts = new VerdictWatch(clipping, epochs);
        if (Observer.Items.Count == 0) return false;
        if (resumedAfter > 0) _ = _verdicts.Next(summarize(), resumedAfter).Count();
        return true;
    }

    public void OnFitBegun(FitDescription fit) => Observer.OnFitBegun(fit);

    public void OnStep(in StepReport report) => Observer.OnStep(in report);

    /// <summary>Reports an epoch, then the conclusions that no earlier epoch had.</summary>
    public void OnEpoch(EpochReport report)
    {
        if (Observer.Items.Count == 0) return;
        Observer.OnEpoch(report);
        foreach (ClippingVerdict verdict in _verdicts.Next(summarize(), report.Epoch)) Observer.OnVerdict(verdict);
    }

    public void OnCheckpoint(CheckpointReport report) => Observer.OnCheckpoint(report);

    public void OnFitEnded(TrainingResult result) => Observer.OnFitEnded(result);
}
