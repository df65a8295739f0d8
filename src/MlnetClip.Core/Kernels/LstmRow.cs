using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>
/// One time step of one sequence: z = z + h W_hh^T and the LSTM cell of <see cref="LstmPointwise{V}"/> at once, so that the gates of
/// a block of 16 units go from the sums to the cell without leaving the registers.
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* z, float* h, float* weights, int depth, float* c, float* hNext, int blocks, bool descending)
    {
        for (int n = 0; n < blocks; n++)
        {
            int block = descending ? blocks - 1 - n : n;
            for (int lane = 0; lane < U; lane += V.Lanes)
            {
                float* sums = z + block * 4 * U + lane;
                V i = V.Load(sums), f = V.Load(sums + U), g = V.Load(sums + 2 * U), o = V.Load(sums + 3 * U);
                float* w = weights + (nint)block * depth * 4 * U + lane;
                for (int k = 0; k < depth; k++, w += 4 * U)
                {
                    V v = V.Create(h[k]);
                    i = V.MultiplyAdd(V.Load(w), v, i);
                    f = V.MultiplyAdd(V.Load(w + U), v, f);
                    g = V.MultiplyAdd(V.Load(w + 2 * U), v, g);
                    o = V.MultiplyAdd(V.Load(w + 3 * U), v, o);
                }

                V cell = V.MultiplyAdd(Exponential.Sigmoid(f), V.Load(c + block * U + lane), Exponential.Sigmoid(i) * Exponential.Tanh(g));
                V.Store(c + block * U + lane, cell);
                V.Store(hNext + block * U + lane, Exponential.Sigmoid(o));
            }
        }

        for (int unit = 0; unit < blocks * U; unit += V.Lanes)
            V.Store(hNext + unit, V.Load(hNext + unit) * Exponential.Tanh(V.Load(c + unit)));
    }
}
