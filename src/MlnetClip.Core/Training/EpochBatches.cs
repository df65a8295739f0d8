using MlnetClip.Data;

namespace MlnetClip.Training;

/// <summary>The batches of an epoch: the training sequences in an order that follows from seed and epoch alone, so that a resumed fit finds it again.</summary>
internal sealed class EpochBatches(IBatchStream stream, TrainingOptions options, int batchSize)
{
    private const ulong ShuffleStream = 1;

    private IBatchReader? _reader;

    /// <summary>Batches of an epoch; the last holds what is left.</summary>
    public long Count { get; } = (stream.Count + batchSize - 1) / batchSize;

    /// <summary>Opens an epoch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="firstBatch">The first batch wanted, from 0.</param>
    public void Open(int epoch, long firstBatch)
    {
        _reader?.Dispose();
        ulong? seed = options.Shuffle ? SeededRandom.Derive(options.Seed, ShuffleStream, (ulong)epoch) : null;
        _reader = stream.Open(new EpochRequest(batchSize, seed, firstBatch));
    }

    /// <summary>Fills the next batch.</summary>
    /// <exception cref="InvalidDataException">The stream has fewer sequences than it said.</exception>
    public void Read(SequenceBatch batch)
    {
        if (!_reader!.Read(batch))
            throw new InvalidDataException($"An epoch must have {stream.Count} sequences, as the data had before, but has fewer. Hint: the data must not change during a fit.");
    }

    /// <summary>Lets go of the epoch.</summary>
    public void Close()
    {
        _reader?.Dispose();
        _reader = null;
    }
}
