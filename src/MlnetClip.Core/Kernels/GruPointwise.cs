using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>
/// The GRU cell and its derivative, elementwise. A row of sums has 4P floats: r and z in blocks of 16 units (16 r, 16 z), then the
/// inputs' part of n, then the hidden state's part of n, P floats each.
/// </summary>
internal static unsafe class GruPointwise<V> where V : unmanaged, ISimd<V>
{
    private const int U = Panel.UnitBlock;

    /// <summary>r, z = sigmoid; n = tanh(nx + r * nh); h = n + z * (hPrevious - n).</summary>
    /// <param name="sums">Sums on entry; r, z, n and the unchanged nh on return; [rows, 4P].</param>
    /// <param name="hPrevious">The previous hidden state, [rows, P].</param>
    /// <param name="h">Receives the hidden state, [rows, P].</param>
    /// <param name="rows">Sequences.</param>
    /// <param name="padded">P, a multiple of 16.</param>
    public static void Forward(float* sums, float* hPrevious, float* h, int rows, int padded)
    {
        for (int row = 0; row < rows; row++, sums += 4 * padded, hPrevious += padded, h += padded)
        {
            Gates(sums, 2 * padded);
            States(sums, sums + 2 * padded, sums + 3 * padded, hPrevious, h, padded);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Gates(float* gates, int length)
    {
        for (int n = 0; n < length; n += V.Lanes) V.Store(gates + n, Exponential.Sigmoid(V.Load(gates + n)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void States(float* gates, float* nx, float* nh, float* hPrevious, float* h, int padded)
    {
        for (int unit = 0; unit < padded; unit += U, gates += 2 * U)
        {
            for (int lane = 0; lane < U; lane += V.Lanes)
            {
                int place = unit + lane;
                V n = Exponential.Tanh(V.MultiplyAdd(V.Load(gates + lane), V.Load(nh + place), V.Load(nx + place)));
                V.Store(nx + place, n);
                V.Store(h + place, V.MultiplyAdd(V.Load(gates + U + lane), V.Load(hPrevious + place) - n, n));
            }
        }
    }

    /// <summary>
    /// With dn = dh * (1 - z) * (1 - n^2), the derivatives of the sums: dz = dh * (hPrevious - n) * z (1 - z), dr = dn * nh * r (1 - r),
    /// dnx = dn, dnh = dn * r; and dh * z, which is propagated directly to the previous hidden state.
    /// </summary>
    /// <param name="sums">As <see cref="Forward"/> left them; derivatives of r, z, nx, nh on return; [rows, 4P].</param>
    /// <param name="hPrevious">The previous hidden state, [rows, P].</param>
    /// <param name="dH">Derivative with respect to h, [rows, P].</param>
    /// <param name="carry">Receives dh * z, [rows, P].</param>
    /// <param name="rows">Sequences.</param>
    /// <param name="padded">P, a multiple of 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Backward(float* sums, float* hPrevious, float* dH, float* carry, int rows, int padded)
    {
        V one = V.Create(1f);
        for (int row = 0; row < rows; row++, sums += 4 * padded, hPrevious += padded, dH += padded, carry += padded)
        {
            float* nx = sums + 2 * padded, nh = sums + 3 * padded;
            for (int unit = 0; unit < padded; unit += U)
            {
                for (int lane = 0; lane < U; lane += V.Lanes)
                {
                    float* gates = sums + 2 * unit + lane;
                    int place = unit + lane;
                    V r = V.Load(gates), z = V.Load(gates + U), n = V.Load(nx + place), dh = V.Load(dH + place);
                    V dn = dh * (one - z) * (one - n * n);
                    V.Store(gates, dn * V.Load(nh + place) * (r * (one - r)));
                    V.Store(gates + U, dh * (V.Load(hPrevious + place) - n) * (z * (one - z)));
                    V.Store(nx + place, dn);
                    V.Store(nh + place, dn * r);
                    V.Store(carry + place, dh * z);
                }
            }
        }
    }
}
