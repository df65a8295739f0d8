using MlnetClip.Data;

namespace MlnetClip.Training;

/// <summary>The mean loss over all validation sequences with the weights as they are.</summary>
internal static class ValidationPass
{
    private const int LargestBatch = 64;

    /// <param name="backend">The engine.</param>
    /// <param name="stream">The sequences.</param>
    /// <param name="batch">A batch to read into; overwritten.</param>
    public static double MeanLoss(IBackend backend, IBatchStream stream, SequenceBatch batch)
    {
        var sums = default(BatchSums);
        using IBatchReader reader = stream.Open(new EpochRequest(Math.Min(LargestBatch, batch.Capacity)));
        while (reader.Read(batch)) sums += backend.ComputeLoss(batch);
        return sums.LossSum / sums.WeightSum;
    }
}
