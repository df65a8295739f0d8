using Microsoft.ML.Runtime;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Trainers;

/// <summary>Cancels a fit when its context is cancelled, so that it ends as by the user's own token, with a checkpoint. The last observer, so that a cancellation by the others counts at once.</summary>
internal sealed class HostCancellation(IHost host, CancellationTokenSource cancellation) : IFitObserver
{
    public void OnStep(in StepReport report) => Check();

    public void OnValidationBatch() => Check();

    private void Check()
    {
        if (HostAccess.IsCanceled(host)) cancellation.Cancel();
    }
}
