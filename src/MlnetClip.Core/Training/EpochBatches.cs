using MlnetClip.Data;

namespace MlnetClip.Training;

/// <summary>The batches of an epoch. The order of the training sequences depends only on seed and epoch, so a resumed fit gets the same batches.</summary>
internal sealed class EpochBatches(IBatchStream stream, TrainingOptions options, int batchSize)
{
    private const ulong ShuffleStream = 1;

    private IBatchReader? _reader;

    /// <summary>The number of batches in an epoch; the last batch may be smaller.</summary>
    public long Count { get; } = (stream.Count + batchSize - 1) / batchSize;

    /// <summary>Opens an epoch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="firstBatch">The first batch to read, from 0.</param>
    public void Open(int epoch, long firstBatch)
    {
        _reader?.Dispose();
        ulong? seed = options.Shuffle ? SeededRandom.Derive(options.Seed, ShuffleStream, (ulong)epoch) : null;
        _reader = stream.Open(new EpochRequest(batchSize, seed, firstBatch));
    }

    /// <summary>Fills the next batch.</summary>
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
