using System.Diagnostics;
using MlnetClip.Data;

namespace MlnetClip.Training;

/// <summary>The mean loss over all validation sequences with the weights as they are.</summary>
internal static class ValidationPass
{
    private const int LargestBatch = 64;

    /// <summary>A pass that ends this soon after the cancellation is finished, since the epoch is complete with it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);

    /// <param name="backend">The engine.</param>
    /// <param name="stream">The sequences.</param>
    /// <param name="batch">A batch to read into; overwritten.</param>
    /// <param name="observer">Is called after every batch; null for none.</param>
    /// <param name="cancellation">Ends a long pass.</param>
    /// <returns>The loss; null when the pass was cancelled.</returns>
    public static double? MeanLoss(IBackend backend, IBatchStream stream, SequenceBatch batch, IFitObserver? observer, CancellationToken cancellation)
    {
        var sums = default(BatchSums);
        long? cancelled = null;
        using IBatchReader reader = stream.Open(new EpochRequest(Math.Min(LargestBatch, batch.Capacity)));
        while (reader.Read(batch))
        {
            if (cancellation.IsCancellationRequested && Stopwatch.GetElapsedTime(cancelled ??= Stopwatch.GetTimestamp()) > Patience) return null;
            sums += backend.ComputeLoss(batch);
            observer?.OnValidationBatch();
        }

        return sums.LossSum / sums.WeightSum;
    }
}
