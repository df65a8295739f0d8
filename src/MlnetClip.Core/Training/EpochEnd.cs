using MlnetClip.Data;

namespace MlnetClip.Training;

/// <summary>The end of an epoch: validates the weights, or their average, and keeps them where they are the best.</summary>
/// <param name="backend">The engine.</param>
/// <param name="state">The state of the fit.</param>
/// <param name="validation">The validation sequences; null without validation.</param>
/// <param name="batch">A batch to read into; overwritten.</param>
internal sealed class EpochEnd(IBackend backend, FitState state, IBatchStream? validation, SequenceBatch batch)
{
    /// <summary>Closes the epoch.</summary>
    /// <param name="observer">Is notified of every validation batch.</param>
    /// <param name="cancellation">Ends a long validation.</param>
    /// <returns>The report; null where validation was cancelled, and the epoch stays open after its last batch.</returns>
    public EpochReport? Run(IFitObserver observer, CancellationToken cancellation)
    {
        state.Average?.AddEpoch(state.Position.Epoch);
        state.Average?.Swap(average: true);
        try
        {
            double? validationLoss = null;
            if (validation is not null && (validationLoss = ValidationPass.MeanLoss(backend, validation, batch, observer, cancellation)) is null) return null;
            return state.EndEpoch(validationLoss);
        }
        finally
        {
            state.Average?.Swap(average: false);
        }
    }
}
