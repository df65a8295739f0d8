using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MlnetClip.Kernels;

/// <summary>Asks for memory before it is needed, where the processor does not foresee it: across the rows of a wide matrix.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Brings the line of the cache that holds <paramref name="address"/>; any address is allowed, no result depends on it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(float* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }

    /// <summary>The same, into the second-nearest cache: for what is needed after a while.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void IntoSecond(float* address)
    {
        if (Sse.IsSupported) Sse.Prefetch1(address);
    }
}
