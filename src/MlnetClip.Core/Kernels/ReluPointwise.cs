using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>The plain recurrent cell with ReLU, h = max(0, z), and its derivative.</summary>
internal static unsafe class ReluPointwise<V> where V : unmanaged, ISimd<V>
{
    /// <summary>h = max(0, z); NaN stays NaN.</summary>
    /// <param name="z">The sums.</param>
    /// <param name="h">Receives the hidden state.</param>
    /// <param name="length">A multiple of 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Forward(float* z, float* h, int length)
    {
        for (int n = 0; n < length; n += V.Lanes) V.Store(h + n, V.AtLeast(V.Create(0f), V.Load(z + n)));
    }

    /// <summary>dz = dh where h is above 0, else 0.</summary>
    /// <param name="dZ">Receives the derivative with respect to the sums.</param>
    /// <param name="h">The hidden state.</param>
    /// <param name="dH">Derivative with respect to h.</param>
    /// <param name="length">A multiple of 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Backward(float* dZ, float* h, float* dH, int length)
    {
        for (int n = 0; n < length; n += V.Lanes) V.Store(dZ + n, V.WherePositive(V.Load(h + n), V.Load(dH + n)));
    }
}
