namespace MlnetClip.TestKit.Networks;

/// <summary>A table of vectors, one for each id.</summary>
/// <param name="Count">The number of ids; ids are 0 to Count - 1.</param>
/// <param name="Size">The length of a vector.</param>
public sealed record EmbeddingDescription(int Count, int Size);
