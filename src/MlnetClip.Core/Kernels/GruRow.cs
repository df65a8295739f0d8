using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>
/// One time step of one sequence: the products of the hidden state and the GRU cell of <see cref="GruPointwise{V}"/> at once. Blocks of 16 units are taken two at a time,
/// so that six chains of multiply-adds are in flight, and their r and z go from the sums to the cell without leaving the registers.
/// </summary>
/// <remarks>Each element is the same chain of multiply-adds as in <see cref="Multiply{V}"/>, so the results are bit-identical.</remarks>
internal static unsafe class GruRow<V> where V : unmanaged, ISimd<V>
{
    private const int U = Panel.UnitBlock, W = 4 * U;

    /// <summary>One time step.</summary>
    /// <param name="sums">Bias and input's product of the step, [blocks, 4, 16]: r, z, the input's part of n and the hidden state's part of n; undefined on return.</param>
    /// <param name="h">The previous hidden state, [blocks, 16].</param>
    /// <param name="weights">W_hh^T of r, z and n, [blocks, K, 3, 16].</param>
    /// <param name="depth">K.</param>
    /// <param name="hNext">Receives the hidden state, [blocks, 16].</param>
    /// <param name="blocks">Blocks of 16 units.</param>
    /// <param name="descending">True to take the blocks from the last to the first.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(float* sums, float* h, float* weights, int depth, float* hNext, int blocks, bool descending)
    {
        int pairs = (blocks + 1) / 2;
        nint stream = (nint)depth * 3 * U;
        for (int p = 0; p < pairs; p++)
        {
            int block = 2 * (descending ? pairs - 1 - p : p);
            float* z = sums + block * W, w = weights + block * stream;
            if (block + 1 < blocks) Two(z, h, w, w + stream, depth);
            else One(z, h, w, depth);
        }

        for (int block = 0; block < blocks; block++)
        {
            for (int lane = 0; lane < U; lane += V.Lanes)
            {
                int unit = block * U + lane;
                V z = V.Load(sums + block * W + U + lane), n = Exponential.Tanh(V.Load(sums + block * W + 2 * U + lane));
                V.Store(hNext + unit, V.MultiplyAdd(z, V.Load(h + unit) - n, n));
            }
        }
    }

    /// <summary>Two blocks: leaves z in place, and nx + r * nh in nx.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two(float* sums, float* h, float* w0, float* w1, int depth)
    {
        for (int lane = 0; lane < U; lane += V.Lanes)
        {
            float* z = sums + lane, a = w0 + lane, b = w1 + lane;
            V r0 = V.Load(z), z0 = V.Load(z + U), n0 = V.Load(z + 3 * U);
            V r1 = V.Load(z + W), z1 = V.Load(z + W + U), n1 = V.Load(z + W + 3 * U);
            for (int k = 0; k < depth; k++, a += 3 * U, b += 3 * U)
            {
                V v = V.Create(h[k]);
                r0 = V.MultiplyAdd(V.Load(a), v, r0);
                z0 = V.MultiplyAdd(V.Load(a + U), v, z0);
                n0 = V.MultiplyAdd(V.Load(a + 2 * U), v, n0);
                r1 = V.MultiplyAdd(V.Load(b), v, r1);
                z1 = V.MultiplyAdd(V.Load(b + U), v, z1);
                n1 = V.MultiplyAdd(V.Load(b + 2 * U), v, n1);
            }

            V.Store(z + U, Exponential.Sigmoid(z0));
            V.Store(z + W + U, Exponential.Sigmoid(z1));
            V.Store(z + 2 * U, V.MultiplyAdd(Exponential.Sigmoid(r0), n0, V.Load(z + 2 * U)));
            V.Store(z + W + 2 * U, V.MultiplyAdd(Exponential.Sigmoid(r1), n1, V.Load(z + W + 2 * U)));
        }
    }

    /// <summary>The last block of an odd number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One(float* sums, float* h, float* w, int depth)
    {
        for (int lane = 0; lane < U; lane += V.Lanes)
        {
            float* s = sums + lane, a = w + lane;
            V r = V.Load(s), z = V.Load(s + U), n = V.Load(s + 3 * U);
            for (int k = 0; k < depth; k++, a += 3 * U)
            {
                V v = V.Create(h[k]);
                r = V.MultiplyAdd(V.Load(a), v, r);
                z = V.MultiplyAdd(V.Load(a + U), v, z);
                n = V.MultiplyAdd(V.Load(a + 2 * U), v, n);
            }

            V.Store(s + U, Exponential.Sigmoid(z));
            V.Store(s + 2 * U, V.MultiplyAdd(Exponential.Sigmoid(r), n, V.Load(s + 2 * U)));
        }
    }
}
