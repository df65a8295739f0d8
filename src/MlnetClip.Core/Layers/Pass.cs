using MlnetClip.Training;

namespace MlnetClip.Layers;

/// <summary>What all layers need to know about one pass over a batch.</summary>
/// <param name="timeSteps">T.</param>
/// <param name="batchSize">B.</param>
/// <param name="lengths">Time steps of each sequence, [B]; null when all have T.</param>
/// <param name="dropoutSeed">The seed of the dropout masks; null for no dropout.</param>
/// <param name="limits">The limits inside the backward pass through time.</param>
/// <param name="cancellation">Ends the pass early; what it computes is then undefined.</param>
internal readonly unsafe struct Pass(int timeSteps, int batchSize, int* lengths, ulong? dropoutSeed, BackpropLimits limits, CancellationToken cancellation = default)
{
    public readonly int TimeSteps = timeSteps;
    public readonly int BatchSize = batchSize;
    public readonly int* Lengths = lengths;
    public readonly ulong? DropoutSeed = dropoutSeed;
    public readonly BackpropLimits Limits = limits;
    private readonly CancellationToken _cancellation = cancellation;

    /// <summary>Whether the pass is to end early.</summary>
    public bool IsCancelled => _cancellation.IsCancellationRequested;

    /// <summary>The same pass with other limits.</summary>
    public Pass With(BackpropLimits limits) => new(TimeSteps, BatchSize, Lengths, DropoutSeed, limits, _cancellation);

    /// <summary>Time steps of a sequence.</summary>
    public int LengthOf(int sequence) => Lengths == null ? TimeSteps : Lengths[sequence];
}
