namespace MlnetClip.Evaluation;

/// <summary>Ends fits when a token is cancelled.</summary>
/// <param name="cancellation">The token.</param>
internal sealed class CancellingObserver(CancellationToken cancellation) : IFitObserver
{
    public void OnFitBegun(FitDescription fit) => cancellation.ThrowIfCancellationRequested();

    public void OnStep(in StepReport report) => cancellation.ThrowIfCancellationRequested();

    public void OnValidationBatch() => cancellation.ThrowIfCancellationRequested();
}
