using MlnetClip.Data;
using MlnetClip.Training;

namespace MlnetClip.TestKit;

/// <summary>What tests ask of a backend beside the training loop.</summary>
public static class BackendExtensions
{
    /// <summary>As <see cref="IBackend.ComputeGradients"/>, but leaves the gradient of the mean and returns the mean loss.</summary>
    public static double ComputeMeanGradients(this IBackend backend, SequenceBatch batch, ulong dropoutSeed)
    {
        BatchSums sums = backend.ComputeGradients(batch, dropoutSeed);
        if (sums.WeightSum > 0)
            foreach (ref float gradient in backend.Parameters.Gradients) gradient = (float)(gradient / sums.WeightSum);
        return sums.Mean;
    }

    /// <summary>The outputs of a batch without dropout, [S, B, O].</summary>
    public static float[] Predict(this ManagedBackend backend, SequenceBatch batch)
    {
        backend.ComputeLoss(batch);
        return backend.Outputs.ToArray();
    }
}
