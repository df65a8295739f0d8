using MlnetClip.Data;

namespace MlnetClip.Sequences;

/// <summary>Some of the sequences of a store as batches, with their targets and weights.</summary>
/// <param name="store">The sequences.</param>
/// <param name="rows">Which of them.</param>
internal sealed class SequenceSource(SequenceStore store, int[] rows) : ISequenceSource
{
    /// <inheritdoc/>
    public int Count => rows.Length;

    /// <inheritdoc/>
    public BatchShape Shape { get; } = SequencePlace.Shape(store.Input, store.LongestSteps, store.EveryStep);

    /// <inheritdoc/>
    public void Fill(ReadOnlySpan<int> indices, SequenceBatch batch)
    {
        batch.Resize(indices.Length);
        for (int b = 0; b < indices.Length; b++) batch.Lengths[b] = store.Steps(rows[indices[b]]);
        batch.TrimToLongest();
        for (int b = 0; b < indices.Length; b++)
        {
            int row = rows[indices[b]];
            SequencePlace.Write(batch, b, store.Values(row), store.Ids(row), store.Targets(row), store.Weights(row));
        }
    }
}
