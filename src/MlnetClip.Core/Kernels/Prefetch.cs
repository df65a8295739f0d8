using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MlnetClip.Kernels;

/// <summary>Prefetches memory where the processor does not do so itself: across the rows of a wide matrix.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Prefetches the cache line that contains <paramref name="address"/>. Any address is allowed; no result depends on it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(float* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }

    /// <summary>The same, into the second-level cache, for data that is needed later.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void IntoSecond(float* address)
    {
        if (Sse.IsSupported) Sse.Prefetch1(address);
    }
}
