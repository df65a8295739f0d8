using MlnetClip.Data;
using MlnetClip.Search.Spaces;

namespace MlnetClip.Search.Samplers;

/// <summary>The input of a sampler.</summary>
/// <param name="Space">The space to choose from.</param>
/// <param name="Seed">The study's seed.</param>
/// <param name="Number">The number of points that were requested before this one.</param>
public sealed record SampleRequest(SearchSpace Space, ulong Seed, int Number)
{
    /// <summary>The trials of earlier generations, in order of their numbers; all are finished.</summary>
    public IReadOnlyList<Trial> History { get; init; } = [];

    /// <summary>The points already requested in this generation, whose values are not yet known.</summary>
    public IReadOnlyList<SearchPoint> Pending { get; init; } = [];

    /// <summary>The random numbers of this request: the same for the same seed and number.</summary>
    public SeededRandom CreateRandom() => new(SeededRandom.Derive(Seed, (ulong)Number));
}
