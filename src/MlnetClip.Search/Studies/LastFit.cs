using MlnetClip.Training;

namespace MlnetClip.Search.Studies;

/// <summary>Observes the fit of the recommended setting: counts its steps, and stops it when the study is stopped.</summary>
internal sealed class LastFit(CancellationToken cancellationToken) : IFitObserver
{
    public long Steps { get; private set; }

    public void OnStep(in StepReport report)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Steps++;
    }

    public void OnValidationBatch() => cancellationToken.ThrowIfCancellationRequested();

    public void OnEpoch(EpochReport report)
    {
    }
}
