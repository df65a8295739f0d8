using MlnetClip.Data;

namespace MlnetClip.Training;

/// <summary>The mean loss over all validation sequences with the weights as they are.</summary>
internal static class ValidationPass
{
    private const int LargestBatch = 64;

    /// <param name="backend">The engine.</param>
    /// <param name="source">The sequences.</param>
    /// <param name="batch">Memory for a batch; overwritten.</param>
    public static double MeanLoss(ITrainingBackend backend, IBatchSource source, SequenceBatch batch)
    {
        double lossSum = 0, weightSum = 0;
        Span<int> indices = stackalloc int[LargestBatch];
        int size = Math.Min(indices.Length, batch.Capacity);
        for (int start = 0; start < source.Count; start += size)
        {
            int count = Math.Min(size, source.Count - start);
            for (int i = 0; i < count; i++) indices[i] = start + i;
            source.Fill(indices[..count], batch);
            (double sum, double weight) = backend.ComputeLoss(batch);
            lossSum += sum;
            weightSum += weight;
        }

        return lossSum / weightSum;
    }
}
