namespace MlnetClip.Inference;

/// <summary>The sizes of a batch whose sequences are in order of length, the longest first, so that those that reach a time step are the first ones.</summary>
/// <param name="timeSteps">T of the longest sequence.</param>
/// <param name="rows">B: sequences.</param>
/// <param name="reach">The number of sequences that reach each time step, [T].</param>
internal readonly unsafe struct BatchSteps(int timeSteps, int rows, int* reach)
{
    /// <summary>T.</summary>
    public readonly int TimeSteps = timeSteps;

    /// <summary>B.</summary>
    public readonly int Rows = rows;

    /// <summary>The number of sequences that reach a time step; none reaches T.</summary>
    public int ReachOf(int t) => t < TimeSteps ? reach[t] : 0;
}
