using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>
/// One time step of one sequence: the products of the hidden state and the GRU cell of <see cref="GruPointwise{V}"/> at once. Blocks of 16 units are taken two at a time,
/// so that six chains of multiply-adds are in flight, and their r and z go from the sums to the cell without leaving the registers.
/// </summary>
/// <remarks>Each element is the same chain of multiply-adds as in <see cref="Multiply{V}"/>, so the results are bit-identical.</remarks>
internal static unsafe class GruRow<V> where V : unmanaged, ISimd<V>
{
    private const int U = Panel.UnitBlock;

    /// <summary>One time step.</summary>
    /// <param name="sums">Bias and input's product of the step, a row of <see cref="GruPointwise{V}"/>, [4 * 16 * blocks]; undefined on return.</param>
    /// <param name="h">The previous hidden state, [blocks, 16].</param>
    /// <param name="gates">W_hh^T of r and z, [blocks, K, 2, 16].</param>
    /// <param name="candidates">W_hh^T of n, [blocks / 2 rounded up, K, 2, 16]: two blocks side by side.</param>
    /// <param name="depth">K.</param>
    /// <param name="hNext">Receives the hidden state, [blocks, 16].</param>
    /// <param name="blocks">Blocks of 16 units.</param>
    /// <param name="descending">True to take the blocks from the last to the first.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* sums, float* h, float* gates, float* candidates, int depth, float* hNext, int blocks, bool descending)
    {
        int padded = blocks * U, pairs = (blocks + 1) / 2;
        nint panel = (nint)depth * 2 * U;
        float* nx = sums + 2 * padded, nh = sums + 3 * padded;
        for (int p = 0; p < pairs; p++)
        {
            int pair = descending ? pairs - 1 - p : p, unit = pair * 2 * U;
            float* rz = sums + 2 * unit, w = gates + 2 * pair * panel, c = candidates + pair * panel;
            if (2 * pair + 1 < blocks) Two(rz, nx + unit, nh + unit, h, w, w + panel, c, depth);
            else One(rz, nx + unit, nh + unit, h, w, c, depth);
        }

        for (int unit = 0; unit < padded; unit += V.Lanes)
        {
            V z = V.Load(sums + unit / U * 2 * U + U + unit % U), n = Exponential.Tanh(V.Load(nx + unit));
            V.Store(hNext + unit, V.MultiplyAdd(z, V.Load(h + unit) - n, n));
        }
    }

    /// <summary>Two blocks: leaves z in the sums, and nx + r * nh in nx.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two(float* rz, float* nx, float* nh, float* h, float* w0, float* w1, float* c, int depth)
    {
        for (int lane = 0; lane < U; lane += V.Lanes)
        {
            V r0 = V.Load(rz + lane), z0 = V.Load(rz + U + lane), r1 = V.Load(rz + 2 * U + lane), z1 = V.Load(rz + 3 * U + lane);
            V n0 = V.Load(nh + lane), n1 = V.Load(nh + U + lane);
            float* a = w0 + lane, b = w1 + lane, d = c + lane;
            for (int k = 0; k < depth; k++, a += 2 * U, b += 2 * U, d += 2 * U)
            {
                V v = V.Create(h[k]);
                r0 = V.MultiplyAdd(V.Load(a), v, r0);
                z0 = V.MultiplyAdd(V.Load(a + U), v, z0);
                r1 = V.MultiplyAdd(V.Load(b), v, r1);
                z1 = V.MultiplyAdd(V.Load(b + U), v, z1);
                n0 = V.MultiplyAdd(V.Load(d), v, n0);
                n1 = V.MultiplyAdd(V.Load(d + U), v, n1);
            }

            V.Store(rz + U + lane, Exponential.Sigmoid(z0));
            V.Store(rz + 3 * U + lane, Exponential.Sigmoid(z1));
            V.Store(nx + lane, V.MultiplyAdd(Exponential.Sigmoid(r0), n0, V.Load(nx + lane)));
            V.Store(nx + U + lane, V.MultiplyAdd(Exponential.Sigmoid(r1), n1, V.Load(nx + U + lane)));
        }
    }

    /// <summary>The last block of an odd number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One(float* rz, float* nx, float* nh, float* h, float* w, float* c, int depth)
    {
        for (int lane = 0; lane < U; lane += V.Lanes)
        {
            V r = V.Load(rz + lane), z = V.Load(rz + U + lane), n = V.Load(nh + lane);
            float* a = w + lane, d = c + lane;
            for (int k = 0; k < depth; k++, a += 2 * U, d += 2 * U)
            {
                V v = V.Create(h[k]);
                r = V.MultiplyAdd(V.Load(a), v, r);
                z = V.MultiplyAdd(V.Load(a + U), v, z);
                n = V.MultiplyAdd(V.Load(d), v, n);
            }

            V.Store(rz + U + lane, Exponential.Sigmoid(z));
            V.Store(nx + lane, V.MultiplyAdd(Exponential.Sigmoid(r), n, V.Load(nx + lane)));
        }
    }
}
