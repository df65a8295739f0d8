using MlnetClip.TestKit;
using MlnetClip.Data;
using MlnetClip.Kernels;
using MlnetClip.Losses;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Layers;

/// <summary>A model with seeded weights, and a batch for it with a missing target.</summary>
internal sealed record RandomModel(StackSpec Spec, SequenceBatch Batch, ManagedBackend Backend) : IDisposable
{
    public static RandomModel Create(
        StackSpec spec, int timeSteps, int batchSize, ILoss? loss = null, int threads = 1, KernelSet? kernels = null, ulong seed = 1)
    {
        loss ??= new MseLoss();
        var random = new SeededRandom(seed);
        var batch = new SequenceBatch(spec.Shape(timeSteps, loss), batchSize);
        foreach (ref float x in batch.Inputs) x = 2 * random.NextSingle() - 1;
        if (loss is CrossEntropyLoss)
        {
            for (int b = 0; b < batchSize; b++) batch.Targets[b] = random.NextInt32(spec.Outputs);
        }
        else
        {
            foreach (ref float target in batch.Targets) target = 2 * random.NextSingle() - 1;
            if (batch.Weights.Length > 1) batch.Weights[0] = 0;
        }

        var backend = spec.Backend(timeSteps, batchSize, loss, threads, kernels);
        backend.Initialize(seed);
        return new(spec, batch, backend);
    }

    public void Dispose() => Backend.Dispose();
}
