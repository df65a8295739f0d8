using MlnetClip.Training;

namespace MlnetClip.Layers;

/// <summary>What all layers need to know about one pass over a batch.</summary>
/// <remarks>
/// The batch is divided into parts whose numbers of sequences differ by at most one. Within the engine, rows are in the order of part, time step and sequence: a part's rows are side by side,
/// so that the thread that computes it finds them in its own cache, forward, backward and for the gradients of the weights.
/// </remarks>
/// <param name="timeSteps">T.</param>
/// <param name="batchSize">B.</param>
/// <param name="lengths">Time steps of each sequence, [B]; null when all have T.</param>
/// <param name="dropoutSeed">The seed of the dropout masks; null for no dropout.</param>
/// <param name="limits">The limits inside the backward pass through time.</param>
/// <param name="parts">The number of parts, from 1 to B.</param>
/// <param name="cancellation">Ends the pass early; what it computes is then undefined.</param>
internal readonly unsafe struct Pass(
    int timeSteps, int batchSize, int* lengths, ulong? dropoutSeed, BackpropLimits limits, int parts = 1, CancellationToken cancellation = default)
{
    public readonly int TimeSteps = timeSteps;
    public readonly int BatchSize = batchSize;
    public readonly int* Lengths = lengths;
    public readonly ulong? DropoutSeed = dropoutSeed;
    public readonly BackpropLimits Limits = limits;
    public readonly int Parts = parts;
    private readonly CancellationToken _cancellation = cancellation;

    /// <summary>Whether the pass is to end early.</summary>
    public bool IsCancelled => _cancellation.IsCancellationRequested;

    /// <summary>The same pass with other limits.</summary>
    public Pass With(BackpropLimits limits) => new(TimeSteps, BatchSize, Lengths, DropoutSeed, limits, Parts, _cancellation);

    /// <summary>Time steps of a sequence.</summary>
    public int LengthOf(int sequence) => Lengths == null ? TimeSteps : Lengths[sequence];

    /// <summary>The first sequence of a part; of the number of parts, B.</summary>
    public int FirstOf(int part) => (int)((long)BatchSize * part / Parts);

    /// <summary>The part that has a sequence.</summary>
    public int PartOf(int sequence) => Parts == 1 ? 0 : (int)((((long)sequence + 1) * Parts - 1) / BatchSize);

    /// <summary>The rows of a part.</summary>
    public SequenceRows RowsOf(int part) => Rows(FirstOf(part), FirstOf(part + 1));

    /// <summary>The rows of sequences [first, end) of one part.</summary>
    public SequenceRows Rows(int first, int end)
    {
        int part = PartOf(first), start = FirstOf(part);
        return new(first, end, TimeSteps, start, FirstOf(part + 1) - start);
    }

    /// <summary>The row of a time step of a sequence.</summary>
    public nint RowOf(int timeStep, int sequence) =>
        Parts == 1 ? (nint)timeStep * BatchSize + sequence : Rows(sequence, sequence + 1).At(timeStep);
}
