namespace MlnetClip.Evaluation;

/// <summary>Ends fits when a token is cancelled, and passes their events on.</summary>
/// <param name="inner">Is notified too; null for none.</param>
/// <param name="cancellation">The token.</param>
internal sealed class CancellingObserver(IFitObserver? inner, CancellationToken cancellation) : IFitObserver
{
    /// <inheritdoc/>
    public void OnFitBegun(FitDescription fit)
    {
        cancellation.ThrowIfCancellationRequested();
        inner?.OnFitBegun(fit);
    }

    /// <inheritdoc/>
    public void OnStep(in StepReport report)
    {
        cancellation.ThrowIfCancellationRequested();
        inner?.OnStep(in report);
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochReport report) => inner?.OnEpoch(report);

    /// <inheritdoc/>
    public void OnFitEnded(TrainingResult result) => inner?.OnFitEnded(result);
}
