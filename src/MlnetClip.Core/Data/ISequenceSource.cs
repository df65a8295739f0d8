namespace MlnetClip.Data;

/// <summary>Sequences that can be read in any order.</summary>
public interface ISequenceSource
{
    /// <summary>Number of sequences, 0 or more.</summary>
    int Count { get; }

    /// <summary>The sizes of the sequences.</summary>
    BatchShape Shape { get; }

    /// <summary>Resizes the batch and writes the sequences of the given indices, in that order.</summary>
    /// <param name="indices">Indices from 0 to <see cref="Count"/> - 1; as many as the batch will hold.</param>
    /// <param name="batch">The batch to fill; its shape is this source's.</param>
    void Fill(ReadOnlySpan<int> indices, SequenceBatch batch);
}
