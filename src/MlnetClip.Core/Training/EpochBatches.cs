using MlnetClip.Data;

namespace MlnetClip.Training;

/// <summary>
/// The batches of an epoch, of which each step takes one or several. The order of the training sequences depends only on seed and epoch, so a resumed fit gets the same batches.
/// </summary>
internal sealed class EpochBatches(IBatchStream stream, TrainingOptions options, int batchSize)
{
    private const ulong ShuffleStream = 1;

    private IBatchReader? _reader;

    /// <summary>The number of steps in an epoch; the last one may have fewer or smaller batches.</summary>
    public long Count { get; } = Steps(stream.Count, batchSize, options.AccumulatedBatches);

    /// <summary>The number of steps of an epoch.</summary>
    public static long Steps(long sequences, int batchSize, int batchesPerStep)
    {
        long batches = (sequences + batchSize - 1) / batchSize;
        return (batches + batchesPerStep - 1) / batchesPerStep;
    }

    /// <summary>Opens an epoch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="firstStep">The first step to read, from 0.</param>
    public void Open(int epoch, long firstStep)
    {
        _reader?.Dispose();
        ulong? seed = options.Shuffle ? SeededRandom.Derive(options.Seed, ShuffleStream, (ulong)epoch) : null;
        _reader = stream.Open(new EpochRequest(batchSize, seed, firstStep * options.AccumulatedBatches));
    }

    /// <summary>Fills a further batch of the same step; false at the end of the epoch.</summary>
    public bool TryRead(SequenceBatch batch) => _reader!.Read(batch);

    /// <summary>Fills the first batch of the next step.</summary>
    /// <exception cref="InvalidDataException">The stream has fewer sequences than its count.</exception>
    public void Read(SequenceBatch batch)
    {
        if (!_reader!.Read(batch))
            throw new InvalidDataException($"An epoch must have {stream.Count} sequences, but the data now has fewer. Hint: the data must not change during a fit.");
    }

    /// <summary>Closes the epoch.</summary>
    public void Close()
    {
        _reader?.Dispose();
        _reader = null;
    }
}
