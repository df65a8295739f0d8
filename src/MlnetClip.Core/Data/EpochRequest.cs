namespace MlnetClip.Data;

/// <summary>Which batches of which epoch an <see cref="IBatchStream"/> is asked for.</summary>
/// <param name="BatchSize">Sequences per batch, at least 1.</param>
/// <param name="ShuffleSeed">Decides the order of the sequences, a seed for each epoch; null for the order of the data.</param>
/// <param name="FirstBatch">The first batch wanted, from 0: where a resumed fit goes on.</param>
public readonly record struct EpochRequest(int BatchSize, ulong? ShuffleSeed = null, long FirstBatch = 0);
