namespace MlnetClip.Data;

/// <summary>
/// Batches of sequences that are read from the first to the last and need not fit in memory. A shuffled epoch keeps a pool of
/// sequences: each one taken is drawn from the pool and its place goes to the next one read.
/// </summary>
/// <remarks>
/// With a pool of at least <see cref="Count"/> sequences every order is equally likely. With a smaller one a sequence cannot come
/// much earlier than it is read, so data sorted by label or time needs a large pool or a shuffled file.
/// </remarks>
public sealed class ShuffleBuffer : IBatchStream
{
    private readonly Func<ISequenceCursor> _open;
    private readonly int _poolSize;

    /// <summary>Creates the stream.</summary>
    /// <param name="shape">The sizes of the sequences.</param>
    /// <param name="count">Sequences in an epoch, at least 1.</param>
    /// <param name="open">Opens the sequences from the first; the same ones in the same order every time.</param>
    /// <param name="poolSize">Sequences of the pool, at least 1; it takes the memory of as many sequences of the largest T.</param>
    public ShuffleBuffer(BatchShape shape, long count, Func<ISequenceCursor> open, int poolSize)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(open);
        shape.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(poolSize, 1);
        (Shape, Count, _open, _poolSize) = (shape, count, open, (int)Math.Min(poolSize, count));
    }

    /// <inheritdoc/>
    public BatchShape Shape { get; }

    /// <inheritdoc/>
    public long Count { get; }

    /// <inheritdoc/>
    public IBatchReader Open(in EpochRequest request)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.BatchSize, 1);
        ISequenceCursor cursor = _open();
        try
        {
            IBatchReader reader = request.ShuffleSeed is { } seed
                ? new ShuffledReader(cursor, new SequenceBatch(Shape, _poolSize), new SeededRandom(seed), request.BatchSize)
                : new OrderedReader(cursor, request.BatchSize);
            ((ISkips)reader).Skip(request.FirstBatch * request.BatchSize);
            return reader;
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }

    private interface ISkips
    {
        void Skip(long sequences);
    }

    private sealed class OrderedReader(ISequenceCursor cursor, int batchSize) : IBatchReader, ISkips
    {
        private int _count;

        public void Skip(long sequences)
        {
            for (; sequences > 0 && cursor.MoveNext(); sequences--)
            {
            }
        }

        public bool Read(SequenceBatch batch)
        {
            // The size of the last batch is known only at its end: a sequence's place depends on it, so the batch is filled
            // at full size and closed up.
            if (!cursor.MoveNext()) return false;
            batch.Resize(batchSize);
            _count = 0;
            do cursor.CopyTo(batch, _count++);
            while (_count < batchSize && cursor.MoveNext());
            batch.KeepFirst(_count);
            batch.TrimToLongest();
            return true;
        }

        public void Dispose() => cursor.Dispose();
    }

    private sealed class ShuffledReader : IBatchReader, ISkips
    {
        private readonly ISequenceCursor _cursor;
        private readonly SequenceBatch _pool;
        private readonly SeededRandom _random;
        private readonly int _batchSize;
        private int _pooled;

        public ShuffledReader(ISequenceCursor cursor, SequenceBatch pool, SeededRandom random, int batchSize)
        {
            (_cursor, _pool, _random, _batchSize) = (cursor, pool, random, batchSize);
            while (_pooled < pool.Capacity && cursor.MoveNext()) cursor.CopyTo(pool, _pooled++);
        }

        public void Skip(long sequences)
        {
            for (; sequences > 0 && _pooled > 0; sequences--) Replace(_random.NextInt32(_pooled));
        }

        public bool Read(SequenceBatch batch)
        {
            if (_pooled == 0) return false;
            batch.Resize(_batchSize);
            int count = 0;
            while (count < _batchSize && _pooled > 0)
            {
                int drawn = _random.NextInt32(_pooled);
                _pool.CopySequence(drawn, batch, count++);
                Replace(drawn);
            }

            batch.KeepFirst(count);
            batch.TrimToLongest();
            return true;
        }

        public void Dispose() => _cursor.Dispose();

        private void Replace(int place)
        {
            if (_cursor.MoveNext()) _cursor.CopyTo(_pool, place);
            else if (--_pooled > place) _pool.CopySequence(_pooled, _pool, place);
        }
    }
}
