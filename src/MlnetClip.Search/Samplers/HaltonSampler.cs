using MlnetClip.Data;
using MlnetClip.Search.Samplers;

namespace MlnetClip;

/// <summary>
/// Points that fill the space evenly at any number of points: the Halton sequence (1960), each coordinate shifted by a random number
/// from the seed and wrapped around (Cranley and Patterson, 1976).
/// </summary>
/// <remarks>Spaces of up to 16 parameters; beyond a handful the sequence is no more even than random points.</remarks>
public sealed record HaltonSampler : ISampler
{
    private static readonly int[] Primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53];

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The space has more than 16 parameters.</exception>
    public SearchPoint? Sample(SampleRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Space.Parameters.Count > Primes.Length)
            throw new NotSupportedException($"The Halton sampler supports spaces of up to {Primes.Length} parameters, but this one has {request.Space.Parameters.Count}.");
        return request.Space.FromUnits(dimension =>
        {
            double shift = new SeededRandom(SeededRandom.Derive(request.Seed, (ulong)dimension)).NextDouble();
            double shifted = RadicalInverse(request.Number, Primes[dimension]) + shift;
            return shifted - Math.Floor(shifted);
        });
    }

    /// <summary>The text form.</summary>
    public override string ToString() => "halton";

    /// <summary>The digits of the number in the base, mirrored at the point: 6 = 110 in base 2 gives 0.011 = 0.375.</summary>
    internal static double RadicalInverse(int number, int radix)
    {
        double inverse = 0, place = 1.0 / radix;
        for (int rest = number; rest > 0; rest /= radix, place /= radix) inverse += rest % radix * place;
        return inverse;
    }
}
