using MlnetClip.Data;

namespace MlnetClip.Sequences;

/// <summary>Writes a sequence to its place in a batch, whose values are [T, B, N].</summary>
internal static class SequencePlace
{
    /// <summary>The sizes of batches of such sequences.</summary>
    public static BatchShape Shape(SequenceInput input, int longestSteps, bool everyStep) => new(longestSteps, input.Features, Targets: 1, everyStep, input.Ids);

    /// <summary>Writes inputs, ids, targets and weights; the length is the caller's.</summary>
    /// <param name="batch">The batch; its T is at least the sequence's.</param>
    /// <param name="b">The place, from 0 to B - 1.</param>
    /// <param name="values">[T, F].</param>
    /// <param name="ids">[T, C].</param>
    /// <param name="targets">[S].</param>
    /// <param name="weights">[S].</param>
    public static void Write(SequenceBatch batch, int b, ReadOnlySpan<float> values, ReadOnlySpan<int> ids, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights)
    {
        int B = batch.BatchSize;
        Spread(values, batch.Inputs, batch.Shape.Features, b, B);
        Spread(ids, batch.Ids, batch.Shape.Ids, b, B);
        Spread(targets, batch.Targets, 1, b, B);
        Spread(weights, batch.Weights, 1, b, B);
    }

    /// <summary>Copies a sequence [T, N] to its place in a batch [T, B, N].</summary>
    private static void Spread<T>(ReadOnlySpan<T> sequence, Span<T> batch, int N, int b, int B)
    {
        for (int from = 0, to = b * N; from < sequence.Length; from += N, to += B * N) sequence.Slice(from, N).CopyTo(batch[to..]);
    }
}
