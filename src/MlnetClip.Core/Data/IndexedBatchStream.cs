namespace MlnetClip.Data;

/// <summary>Batches of an <see cref="ISequenceSource"/>; a shuffled epoch visits the sequences in a uniformly random order.</summary>
/// <param name="source">The sequences, at least one.</param>
public sealed class IndexedBatchStream(ISequenceSource source) : IBatchStream
{
    private readonly ISequenceSource _source = source ?? throw new ArgumentNullException(nameof(source));

    /// <inheritdoc/>
    public BatchShape Shape => _source.Shape;

    /// <inheritdoc/>
    public long Count => _source.Count;

    /// <inheritdoc/>
    public IBatchReader Open(in EpochRequest request)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.BatchSize, 1);
        int[] order = new int[_source.Count];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        if (request.ShuffleSeed is { } seed) new SeededRandom(seed).Shuffle(order);
        return new Reader(_source, order, request.BatchSize, request.FirstBatch);
    }

    private sealed class Reader(ISequenceSource source, int[] order, int batchSize, long batch) : IBatchReader
    {
        private long _next = batch * batchSize;

        public bool Read(SequenceBatch batch)
        {
            if (_next >= order.Length) return false;
            int count = (int)Math.Min(batchSize, order.Length - _next);
            source.Fill(order.AsSpan((int)_next, count), batch);
            _next += count;
            return true;
        }

        public void Dispose()
        {
        }
    }
}
