using System.Numerics;
using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>sum += terms, of any length.</summary>
internal static class AddInPlace
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void To(Span<float> sum, ReadOnlySpan<float> terms)
    {
        int n = 0;
        for (; n <= sum.Length - Vector<float>.Count; n += Vector<float>.Count)
            (new Vector<float>(sum[n..]) + new Vector<float>(terms[n..])).CopyTo(sum[n..]);
        for (; n < sum.Length; n++) sum[n] += terms[n];
    }
}
