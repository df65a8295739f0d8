using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>The plain recurrent cell, h = tanh(z), and its derivative.</summary>
internal static unsafe class TanhPointwise<V> where V : unmanaged, ISimd<V>
{
    /// <summary>h = tanh(z).</summary>
    /// <param name="z">The sums.</param>
    /// <param name="h">Receives the hidden state.</param>
    /// <param name="length">A multiple of 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Forward(float* z, float* h, int length)
    {
        for (int n = 0; n < length; n += V.Lanes) V.Store(h + n, Exponential.Tanh(V.Load(z + n)));
    }

    /// <summary>dz = dh * (1 - h^2).</summary>
    /// <param name="dZ">Receives the derivative with respect to the sums.</param>
    /// <param name="h">The hidden state.</param>
    /// <param name="dH">Derivative with respect to h.</param>
    /// <param name="length">A multiple of 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Backward(float* dZ, float* h, float* dH, int length)
    {
        for (int n = 0; n < length; n += V.Lanes)
        {
            V value = V.Load(h + n);
            V.Store(dZ + n, V.Load(dH + n) * (V.Create(1f) - value * value));
        }
    }
}
