namespace MlnetClip.Models;

/// <summary>A learned vector for each id of one id column; the vectors follow a time step's features.</summary>
/// <param name="Count">Number of ids, at least 1; ids run from 0 to Count - 1.</param>
/// <param name="Size">Length of a vector, at least 1.</param>
public sealed record EmbeddingSpec(int Count, int Size)
{
    /// <summary>For example <c>embedding(5000, 32)</c>.</summary>
    public override string ToString() => $"embedding({Count}, {Size})";
}
