namespace MlnetClip.Data;

/// <summary>
/// Sequences by index, cut when a batch asks for them. A source holds the data once, however many sequences
/// overlap in it, and may be read by several threads at a time.
/// </summary>
public interface IBatchSource
{
    /// <summary>Number of sequences, at least 1.</summary>
    int Count { get; }

    /// <summary>T: time steps of every sequence.</summary>
    int TimeSteps { get; }

    /// <summary>F: features per time step.</summary>
    int Features { get; }

    /// <summary>O: outputs per sequence.</summary>
    int Outputs { get; }

    /// <summary>Resizes <paramref name="batch"/> to the indices given and writes inputs, targets and weights. Allocates nothing.</summary>
    /// <param name="indices">Sequence indices, each from 0 to <see cref="Count"/> - 1, at most the batch's capacity.</param>
    /// <param name="batch">A batch of this source's T, F and O.</param>
    void Fill(ReadOnlySpan<int> indices, SequenceBatch batch);
}
