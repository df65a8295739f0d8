using MlnetClip.Data;

namespace MlnetClip.Training;

/// <summary>The batches of an epoch: the training sequences in an order that follows from seed and epoch alone, so that a resumed fit finds it again.</summary>
internal sealed class EpochBatches(IBatchSource source, TrainingOptions options, int batchSize)
{
    private const ulong ShuffleStream = 1;

    private readonly int[] _order = new int[source.Count];

    /// <summary>Batches of an epoch; the last holds what is left.</summary>
    public int Count { get; } = (source.Count + batchSize - 1) / batchSize;

    /// <summary>Brings the sequences into an epoch's order.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    public void Open(int epoch)
    {
        for (int i = 0; i < _order.Length; i++) _order[i] = i;
        if (!options.Shuffle) return;
        var random = new SeededRandom(SeededRandom.Derive(options.Seed, ShuffleStream, (ulong)epoch));
        random.Shuffle(_order);
    }

    /// <summary>Fills a batch.</summary>
    /// <param name="number">Its number within the epoch, from 0.</param>
    /// <param name="batch">Receives the sequences.</param>
    public void Read(int number, SequenceBatch batch)
    {
        int start = number * batchSize;
        source.Fill(_order.AsSpan(start, Math.Min(batchSize, _order.Length - start)), batch);
    }
}
