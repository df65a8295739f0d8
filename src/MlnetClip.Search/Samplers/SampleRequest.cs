using MlnetClip.Data;
using MlnetClip.Search.Spaces;

namespace MlnetClip.Search.Samplers;

/// <summary>All that a sampler may know.</summary>
/// <param name="Space">What to choose from.</param>
/// <param name="Seed">The study's seed.</param>
/// <param name="Number">How many points were asked for before this one.</param>
public sealed record SampleRequest(SearchSpace Space, ulong Seed, int Number)
{
    /// <summary>The trials of earlier generations, in order of their numbers; all have ended.</summary>
    public IReadOnlyList<Trial> History { get; init; } = [];

    /// <summary>The points already asked for in this generation, whose values are not known.</summary>
    public IReadOnlyList<SearchPoint> Pending { get; init; } = [];

    /// <summary>The random numbers of this request: the same for the same seed and number.</summary>
    public SeededRandom CreateRandom() => new(SeededRandom.Derive(Seed, (ulong)Number));
}
