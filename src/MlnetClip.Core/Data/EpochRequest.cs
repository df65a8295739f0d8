namespace MlnetClip.Data;

/// <summary>A request to an <see cref="IBatchStream"/> for the batches of an epoch.</summary>
/// <param name="BatchSize">Sequences per batch, at least 1.</param>
/// <param name="ShuffleSeed">The seed of the order of the sequences, different in every epoch; null for the order of the data.</param>
/// <param name="FirstBatch">The first batch to read, from 0; a resumed fit continues there.</param>
public readonly record struct EpochRequest(int BatchSize, ulong? ShuffleSeed = null, long FirstBatch = 0);
