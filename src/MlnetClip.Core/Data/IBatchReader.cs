namespace MlnetClip.Data;

/// <summary>One pass over the sequences of an <see cref="IBatchStream"/>.</summary>
public interface IBatchReader : IDisposable
{
    /// <summary>Fills the next batch; its size is set. The last one of an epoch may be smaller.</summary>
    /// <param name="batch">A batch of the stream's shape whose capacity is at least the batch size asked for.</param>
    /// <returns>False, with the batch unchanged, when the epoch is over.</returns>
    bool Read(SequenceBatch batch);
}
