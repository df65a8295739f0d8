using System.Numerics;

namespace MlnetClip.Data;

/// <summary>
/// The project's only source of random numbers: xoshiro256** (Blackman and Vigna, 2018), with its state initialized from the
/// seed by SplitMix64 (Steele, Lea and Flood, 2014). The sequence of a seed is part of the file format and never changes.
/// </summary>
/// <remarks>Not thread-safe; give each thread its own generator, from <see cref="Derive"/>.</remarks>
public sealed class SeededRandom
{
    private ulong _s0, _s1, _s2, _s3;

    /// <summary>Starts the sequence of a seed; every value is a valid seed.</summary>
    public SeededRandom(ulong seed) => Restart(seed);

    /// <summary>Starts the sequence of another seed, without allocating.</summary>
    internal void Restart(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>Derives a seed for one purpose from a general seed: the same arguments give the same seed, other arguments an unrelated one.</summary>
    /// <param name="seed">The general seed.</param>
    /// <param name="first">The purpose, for example the number of a stream.</param>
    /// <param name="second">A second coordinate, for example the epoch.</param>
    /// <param name="third">A third coordinate, for example the step.</param>
    public static ulong Derive(ulong seed, ulong first, ulong second = 0, ulong third = 0)
    {
        ulong state = SplitMix(ref seed) ^ first;
        state = SplitMix(ref state) ^ second;
        state = SplitMix(ref state) ^ third;
        return SplitMix(ref state);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A number from 0 (inclusive) to 1 (exclusive), a multiple of 2^-24.</summary>
    public float NextSingle() => (NextUInt64() >> 40) * (1f / (1 << 24));

    /// <summary>A number from 0 (inclusive) to 1 (exclusive), a multiple of 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1L << 53));

    /// <summary>An integer from 0 to <paramref name="exclusiveMaximum"/> - 1, each equally likely (Lemire's method, 2019).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exclusiveMaximum"/> is below 1.</exception>
    public int NextInt32(int exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exclusiveMaximum, 1);
        uint range = (uint)exclusiveMaximum;
        ulong product = (NextUInt64() >> 32) * range;
        if ((uint)product < range)
        {
            uint rejected = (0u - range) % range;
            while ((uint)product < rejected) product = (NextUInt64() >> 32) * range;
        }

        return (int)(product >> 32);
    }

    /// <summary>Shuffles the values; each order is equally likely (Fisher and Yates, from the end).</summary>
    public void Shuffle(Span<int> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int j = NextInt32(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
