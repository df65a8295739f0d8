using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>
/// One time step of one sequence: z = z + h W_hh^T and the LSTM cell of <see cref="LstmPointwise{V}"/>.
/// </summary>
/// <remarks>Each element is the same chain of multiply-adds as in <see cref="Multiply{V}"/>, so the results are bit-identical.</remarks>
internal static unsafe class LstmRow<V> where V : unmanaged, ISimd<V>
{
    private const int U = Panel.UnitBlock;

    /// <summary>One time step.</summary>
    /// <param name="z">b + x W_ih^T of the step, [blocks, 4, 16].</param>
    /// <param name="h">The previous hidden state, K floats.</param>
    /// <param name="weights">W_hh^T, [blocks, K, 4, 16].</param>
    /// <param name="depth">K.</param>
    /// <param name="c">The previous cell state on entry, the new one on return; [blocks, 16].</param>
    /// <param name="hNext">Receives the hidden state, [blocks, 16].</param>
    /// <param name="blocks">Blocks of 16 units.</param>
    /// <param name="descending">True to take the blocks from the last to the first.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(float* z, float* h, float* weights, int depth, float* c, float* hNext, int blocks, bool descending)
    {
        // Two blocks at a time, so that eight chains of multiply-adds are in flight: one alone leaves the processor waiting for its sums.
        int pairs = blocks / 2;
        nint stream = (nint)depth * 4 * U;
        if (blocks % 2 == 1 && descending) One(z + (blocks - 1) * 4 * U, h, weights + (blocks - 1) * stream, depth);
        for (int n = 0; n < pairs; n++)
        {
            int block = 2 * (descending ? pairs - 1 - n : n);
            Two(z + block * 4 * U, h, weights + block * stream, stream, depth);
        }

        if (blocks % 2 == 1 && !descending) One(z + (blocks - 1) * 4 * U, h, weights + (blocks - 1) * stream, depth);
        for (int block = 0; block < blocks; block++)
        {
            for (int lane = 0; lane < U; lane += V.Lanes)
            {
                float* sums = z + block * 4 * U + lane;
                int unit = block * U + lane;
                V i = Exponential.Sigmoid(V.Load(sums)), f = Exponential.Sigmoid(V.Load(sums + U)), g = Exponential.Tanh(V.Load(sums + 2 * U));
                V.Store(c + unit, V.MultiplyAdd(f, V.Load(c + unit), i * g));
                V.Store(hNext + unit, Exponential.Sigmoid(V.Load(sums + 3 * U)));
            }
        }

        for (int unit = 0; unit < blocks * U; unit += V.Lanes) V.Store(hNext + unit, V.Load(hNext + unit) * Exponential.Tanh(V.Load(c + unit)));
    }

    /// <summary>The products of two blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Two(float* z, float* h, float* weights, nint stream, int depth)
    {
        for (int lane = 0; lane < U; lane += V.Lanes)
        {
            float* sums = z + lane;
            V i0 = V.Load(sums), f0 = V.Load(sums + U), g0 = V.Load(sums + 2 * U), o0 = V.Load(sums + 3 * U);
            V i1 = V.Load(sums + 4 * U), f1 = V.Load(sums + 5 * U), g1 = V.Load(sums + 6 * U), o1 = V.Load(sums + 7 * U);
            float* w0 = weights + lane, w1 = w0 + stream;
            for (int k = 0; k < depth; k++, w0 += 4 * U, w1 += 4 * U)
            {
                V v = V.Create(h[k]);
                i0 = V.MultiplyAdd(V.Load(w0), v, i0);
                f0 = V.MultiplyAdd(V.Load(w0 + U), v, f0);
                g0 = V.MultiplyAdd(V.Load(w0 + 2 * U), v, g0);
                o0 = V.MultiplyAdd(V.Load(w0 + 3 * U), v, o0);
                i1 = V.MultiplyAdd(V.Load(w1), v, i1);
                f1 = V.MultiplyAdd(V.Load(w1 + U), v, f1);
                g1 = V.MultiplyAdd(V.Load(w1 + 2 * U), v, g1);
                o1 = V.MultiplyAdd(V.Load(w1 + 3 * U), v, o1);
            }

            V.Store(sums, i0);
            V.Store(sums + U, f0);
            V.Store(sums + 2 * U, g0);
            V.Store(sums + 3 * U, o0);
            V.Store(sums + 4 * U, i1);
            V.Store(sums + 5 * U, f1);
            V.Store(sums + 6 * U, g1);
            V.Store(sums + 7 * U, o1);
        }
    }

    /// <summary>The products of the last block of an odd number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void One(float* z, float* h, float* weights, int depth)
    {
        for (int lane = 0; lane < U; lane += V.Lanes)
        {
            float* sums = z + lane, w = weights + lane;
            V i = V.Load(sums), f = V.Load(sums + U), g = V.Load(sums + 2 * U), o = V.Load(sums + 3 * U);
            for (int k = 0; k < depth; k++, w += 4 * U)
            {
                V v = V.Create(h[k]);
                i = V.MultiplyAdd(V.Load(w), v, i);
                f = V.MultiplyAdd(V.Load(w + U), v, f);
                g = V.MultiplyAdd(V.Load(w + 2 * U), v, g);
                o = V.MultiplyAdd(V.Load(w + 3 * U), v, o);
            }

            V.Store(sums, i);
            V.Store(sums + U, f);
            V.Store(sums + 2 * U, g);
            V.Store(sums + 3 * U, o);
        }
    }
}
