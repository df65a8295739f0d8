using System.Security.Cryptography;
using Microsoft.ML.Runtime;
using MlnetClip.Data;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Trainers;

/// <summary>The seed of a fit, and an independent seed for each use of it.</summary>
/// <param name="Value">The seed: the scope's, else the context's, else one that was drawn.</param>
/// <param name="WasDrawn">Whether it was drawn.</param>
internal readonly record struct FitSeed(int Value, bool WasDrawn)
{
    private const ulong WeightsStream = 1, TrainingStream = 2, ValidationStream = 3;

    /// <summary>Decides the initial weights.</summary>
    public ulong Weights => SeededRandom.Derive((ulong)Value, WeightsStream);

    /// <summary>Decides the order of the sequences and the dropout masks.</summary>
    public ulong Training => SeededRandom.Derive((ulong)Value, TrainingStream);

    /// <summary>Decides which rows validate, where they are drawn at random.</summary>
    public ulong Validation => SeededRandom.Derive((ulong)Value, ValidationStream);

    /// <summary>The seed for a fit that begins now.</summary>
    public static FitSeed Of(IHost host, FitScope? scope)
    {
        int? given = scope?.Seed ?? HostAccess.SeedOf(host);
        return new(given ?? RandomNumberGenerator.GetInt32(int.MaxValue), WasDrawn: given is null);
    }
}
