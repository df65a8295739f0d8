using MlnetClip.Data;

namespace MlnetClip.TestKit;

/// <summary>Sequences out of arrays in memory: inputs [T, N, F], targets [N, K], weights [N, K] or all 1.</summary>
public sealed class ArraySource(int timeSteps, int features, int outputs, float[] inputs, float[] targets, float[]? weights = null)
    : ISequenceSource, IBatchStream
{
    /// <inheritdoc/>
    public BatchShape Shape { get; } = new(timeSteps, features, outputs);

    /// <inheritdoc/>
    public int Count { get; } = targets.Length / outputs;

    long IBatchStream.Count => Count;

    /// <summary>Inputs, [T, N, F].</summary>
    public float[] Inputs => inputs;

    /// <summary>Targets, [N, K].</summary>
    public float[] Targets => targets;

    /// <summary>Seeded sequences whose targets follow from their inputs: the mean over time of one feature, squashed and shifted.</summary>
    public static ArraySource Learnable(int count, int timeSteps, int features, int outputs, ulong seed)
    {
        var random = new SeededRandom(seed);
        float[] inputs = new float[timeSteps * count * features], targets = new float[count * outputs];
        foreach (ref float x in inputs.AsSpan()) x = (2 * random.NextSingle()) - 1;
        for (int n = 0; n < count; n++)
        {
            for (int o = 0; o < outputs; o++)
            {
                double sum = 0;
                for (int t = 0; t < timeSteps; t++) sum += inputs[(((t * count) + n) * features) + (o % features)];
                targets[(n * outputs) + o] = (float)Math.Tanh((sum / Math.Sqrt(timeSteps)) + (0.1 * o));
            }
        }

        return new ArraySource(timeSteps, features, outputs, inputs, targets);
    }

    /// <inheritdoc/>
    public IBatchReader Open(in EpochRequest request) => new IndexedBatchStream(this).Open(request);

    /// <inheritdoc/>
    public void Fill(ReadOnlySpan<int> indices, SequenceBatch batch)
    {
        batch.Resize(indices.Length);
        for (int b = 0; b < indices.Length; b++)
        {
            for (int t = 0; t < timeSteps; t++)
            {
                inputs.AsSpan(((t * Count) + indices[b]) * features, features)
                    .CopyTo(batch.Inputs[(((t * indices.Length) + b) * features)..]);
            }

            targets.AsSpan(indices[b] * outputs, outputs).CopyTo(batch.Targets[(b * outputs)..]);
            if (weights is null) batch.Weights.Slice(b * outputs, outputs).Fill(1f);
            else weights.AsSpan(indices[b] * outputs, outputs).CopyTo(batch.Weights[(b * outputs)..]);
        }
    }
}
