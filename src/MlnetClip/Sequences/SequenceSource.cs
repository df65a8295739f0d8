using MlnetClip.Data;

namespace MlnetClip.Sequences;

/// <summary>Some of the sequences of a store as batches, each with its target and weight.</summary>
/// <param name="store">The sequences.</param>
/// <param name="rows">Which of them.</param>
internal sealed class SequenceSource(SequenceStore store, int[] rows) : ISequenceSource
{
    /// <inheritdoc/>
    public int Count => rows.Length;

    /// <inheritdoc/>
    public BatchShape Shape { get; } = new(store.LongestSteps, store.Input.Features, Targets: 1, EveryStep: false, store.Input.Ids);

    /// <inheritdoc/>
    public void Fill(ReadOnlySpan<int> indices, SequenceBatch batch)
    {
        int B = indices.Length, F = Shape.Features, C = Shape.Ids;
        batch.Resize(B);
        for (int b = 0; b < B; b++) batch.Lengths[b] = store.Steps(rows[indices[b]]);
        batch.TrimToLongest();
        Span<float> inputs = batch.Inputs;
        Span<int> ids = batch.Ids;
        for (int b = 0; b < B; b++)
        {
            int row = rows[indices[b]];
            Spread(store.Values(row), inputs, F, b, B);
            Spread(store.Ids(row), ids, C, b, B);
            batch.Targets[b] = store.Targets[row];
            batch.Weights[b] = store.Weights[row];
        }
    }

    /// <summary>Copies a sequence [T, N] to its place in a batch [T, B, N].</summary>
    private static void Spread<T>(ReadOnlySpan<T> sequence, Span<T> batch, int N, int b, int B)
    {
        for (int from = 0, to = b * N; from < sequence.Length; from += N, to += B * N) sequence.Slice(from, N).CopyTo(batch[to..]);
    }
}
