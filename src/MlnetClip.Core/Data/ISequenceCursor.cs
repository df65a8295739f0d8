namespace MlnetClip.Data;

/// <summary>Sequences that can only be read from the first to the last, such as the rows of a file.</summary>
public interface ISequenceCursor : IDisposable
{
    /// <summary>Moves to the next sequence; false when there is none.</summary>
    bool MoveNext();

    /// <summary>Writes the current sequence into a batch: inputs, ids, its length, targets and weights.</summary>
    /// <param name="batch">The batch, already of its size and of the largest T.</param>
    /// <param name="index">The place of the sequence, from 0 to B - 1.</param>
    void CopyTo(SequenceBatch batch, int index);
}
