using MlnetClip.Data;
using MlnetClip.Kernels;
using MlnetClip.Parameters;

namespace MlnetClip.Training;

/// <summary>The first stage of a step: the gradient of its batch, or the sum over several batches, which is that of one larger batch.</summary>
/// <remarks>Limits inside the backward pass, and layers that draw random numbers, apply to each batch by itself.</remarks>
internal sealed class BatchGradients(IBackend backend, EpochBatches batches, TrainingOptions options)
{
    private const ulong DropoutStream = 2;

    private readonly float[] _sum = new float[options.AccumulatedBatches > 1 ? backend.Parameters.Length : 0];

    /// <summary>Sequences of the last step.</summary>
    public int Sequences { get; private set; }

    /// <summary>Time steps of its longest batch.</summary>
    public int TimeSteps { get; private set; }

    /// <summary>Mean over its batches of the share of gradients that were limited inside the backward pass.</summary>
    public double ShareLimitedInside { get; private set; }

    /// <summary>Computes the gradient of the summed loss.</summary>
    /// <param name="batch">The first batch of the step; overwritten by the others.</param>
    /// <param name="step">The step, from 0.</param>
    public BatchSums Compute(SequenceBatch batch, long step)
    {
        int count = options.AccumulatedBatches, done = 0;
        BatchSums sums = default;
        (Sequences, TimeSteps, ShareLimitedInside) = (0, 0, 0);
        do
        {
            sums += backend.ComputeGradients(batch, SeededRandom.Derive(options.Seed, DropoutStream, (ulong)((step * count) + done)));
            (Sequences, TimeSteps) = (Sequences + batch.BatchSize, Math.Max(TimeSteps, batch.TimeSteps));
            ShareLimitedInside += backend.ShareLimitedInside;
            if (count > 1) Add(backend.Parameters, first: done == 0);
            done++;
        }
        while (done < count && batches.TryRead(batch));
        ShareLimitedInside /= done;
        if (done > 1) _sum.CopyTo(backend.Parameters.Gradients);
        return sums;
    }

    private void Add(ParameterSet parameters, bool first)
    {
        Span<float> gradients = parameters.Gradients;
        if (first) gradients.CopyTo(_sum);
        else AddInPlace.To(_sum, gradients);
    }
}
