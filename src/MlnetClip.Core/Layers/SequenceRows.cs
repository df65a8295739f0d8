namespace MlnetClip.Layers;

/// <summary>Where the rows of sequences [first, end) are, which are of one part of a batch; see <see cref="Pass"/>.</summary>
/// <param name="first">The first sequence.</param>
/// <param name="end">The sequence after the last.</param>
/// <param name="timeSteps">T.</param>
/// <param name="partFirst">The first sequence of the part.</param>
/// <param name="partSize">The part's number of sequences.</param>
internal readonly struct SequenceRows(int first, int end, int timeSteps, int partFirst, int partSize)
{
    public readonly int First = first;
    public readonly int End = end;

    /// <summary>Distance between the rows of a sequence at two time steps, one after the other: the part's number of sequences.</summary>
    public readonly int Step = partSize;

    /// <summary>The part's first row.</summary>
    public readonly nint PartRow = (nint)timeSteps * partFirst;

    private readonly int _offset = first - partFirst;

    /// <summary>The number of sequences.</summary>
    public int Count => End - First;

    /// <summary>The row of the first sequence at a time step; those of the others follow.</summary>
    public nint At(int timeStep) => PartRow + (nint)timeStep * Step + _offset;

    /// <summary>As <see cref="At"/>, counted from the part's first row.</summary>
    public int WithinPart(int timeStep) => timeStep * Step + _offset;
}
