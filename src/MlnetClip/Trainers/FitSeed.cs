using System.Security.Cryptography;
using Microsoft.ML.Runtime;
using MlnetClip.Data;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Trainers;

/// <summary>The seed of a fit, and an independent seed for each use of it.</summary>
/// <param name="Value">The seed of the scope, otherwise of the context, otherwise a random one.</param>
/// <param name="WasDrawn">Whether it is a random one.</param>
internal readonly record struct FitSeed(int Value, bool WasDrawn)
{
    private const ulong WeightsStream = 1, TrainingStream = 2, ValidationStream = 3;

    /// <summary>The seed of the initial weights.</summary>
    public ulong Weights => SeededRandom.Derive((ulong)Value, WeightsStream);

    /// <summary>The seed of the order of the sequences and the dropout masks.</summary>
    public ulong Training => SeededRandom.Derive((ulong)Value, TrainingStream);

    /// <summary>The seed of the validation rows, if they are drawn at random.</summary>
    public ulong Validation => SeededRandom.Derive((ulong)Value, ValidationStream);

    /// <summary>Whether the scope or the context has a seed, so that a fit can be repeated.</summary>
    public static bool IsGiven(IHost host, FitScope? scope) => Given(host, scope) is not null;

    /// <summary>The seed of a new fit.</summary>
    public static FitSeed Of(IHost host, FitScope? scope)
    {
        int? given = Given(host, scope);
        return new(given ?? RandomNumberGenerator.GetInt32(int.MaxValue), WasDrawn: given is null);
    }

    private static int? Given(IHost host, FitScope? scope) => scope?.Seed ?? HostAccess.SeedOf(host);
}
