namespace MlnetClip.Data;

/// <summary>
/// The sequences that a fit reads, epoch by epoch: in memory, or larger than memory. A fit that resumes opens the epoch at the
/// batch where it stopped.
/// </summary>
public interface IBatchStream
{
    /// <summary>The sizes of the sequences.</summary>
    BatchShape Shape { get; }

    /// <summary>Sequences in an epoch, at least 1.</summary>
    long Count { get; }

    /// <summary>Opens an epoch. The same request gives the same batches.</summary>
    IBatchReader Open(in EpochRequest request);
}
