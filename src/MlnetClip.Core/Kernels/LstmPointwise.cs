using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>
/// The LSTM cell and its derivative, elementwise, with the gates in blocks of 16 units: 16 i, 16 f, 16 g, 16 o.
/// </summary>
internal static unsafe class LstmPointwise<V> where V : unmanaged, ISimd<V>
{
    private const int U = Panel.UnitBlock;

    /// <summary>The number of blocks whose gates are computed before their hidden states: few enough to stay in the nearest cache.</summary>
    private const int BlocksAtOnce = 16;

    /// <summary>
    /// i, f, o = sigmoid, g = tanh of the sums; c = f * cPrevious + i * g; h = o * tanh(c).
    /// </summary>
    /// <param name="gates">Sums on entry, i, f, g, o on return; [blocks, 4, 16].</param>
    /// <param name="cPrevious">The previous cell state, [blocks, 16].</param>
    /// <param name="c">Receives the cell state, [blocks, 16].</param>
    /// <param name="h">Receives the hidden state, [blocks, 16].</param>
    /// <param name="blocks">Sequences times blocks of 16 units.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Forward(float* gates, float* cPrevious, float* c, float* h, int blocks)
    {
        for (int done = 0, count; done < blocks; done += count)
        {
            // Two passes over a few blocks at a time: the processor has many independent exponentials in flight in either.
            count = Math.Min(BlocksAtOnce, blocks - done);
            for (int block = 0; block < count; block++, gates += 4 * U)
            {
                for (int lane = 0; lane < U; lane += V.Lanes)
                {
                    V i = Exponential.Sigmoid(V.Load(gates + lane));
                    V f = Exponential.Sigmoid(V.Load(gates + U + lane));
                    V g = Exponential.Tanh(V.Load(gates + 2 * U + lane));
                    V o = Exponential.Sigmoid(V.Load(gates + 3 * U + lane));
                    V.Store(gates + lane, i);
                    V.Store(gates + U + lane, f);
                    V.Store(gates + 2 * U + lane, g);
                    V.Store(gates + 3 * U + lane, o);
                    V.Store(c + block * U + lane, V.MultiplyAdd(f, V.Load(cPrevious + block * U + lane), i * g));
                }
            }

            for (int unit = 0; unit < count * U; unit += V.Lanes)
            {
                V o = V.Load(gates - (count - unit / U) * 4 * U + 3 * U + unit % U);
                V.Store(h + unit, o * Exponential.Tanh(V.Load(c + unit)));
            }

            cPrevious += count * U;
            c += count * U;
            h += count * U;
        }
    }

    /// <summary>
    /// With dc' = dc + dh * o * (1 - tanh(c)^2): do = dh * tanh(c), di = dc' * g, df = dc' * cPrevious, dg = dc' * i,
    /// each times the derivative of its sigmoid, s (1 - s), or tanh, 1 - g^2; and dc = dc' * f for the previous step. tanh(c) is h / o: o is never 0, because
    /// the sigmoid of the least sum is 6e-39.
    /// </summary>
    /// <param name="gates">i, f, g, o on entry, the derivatives of their sums on return; [blocks, 4, 16].</param>
    /// <param name="cPrevious">The previous cell state, [blocks, 16].</param>
    /// <param name="h">The hidden state, [blocks, 16].</param>
    /// <param name="dH">Derivative with respect to h, [blocks, 16].</param>
    /// <param name="dC">Derivative with respect to c from the next step on entry, with respect to cPrevious on return; [blocks, 16].</param>
    /// <param name="blocks">Sequences times blocks of 16 units.</param>
    /// <param name="next">Distance from a previous cell state to that of the time step done next, which is prefetched.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Backward(float* gates, float* cPrevious, float* h, float* dH, float* dC, int blocks, nint next)
    {
        V one = V.Create(1f);
        for (int block = 0; block < blocks; block++)
        {
            for (int gate = 0; gate < 4; gate++) Prefetch.IntoSecond(gates + 4 * next + gate * U);
            Prefetch.IntoSecond(cPrevious + next);
            for (int lane = 0; lane < U; lane += V.Lanes)
            {
                V i = V.Load(gates + lane), f = V.Load(gates + U + lane);
                V g = V.Load(gates + 2 * U + lane), o = V.Load(gates + 3 * U + lane);
                V hidden = V.Load(h + lane), dh = V.Load(dH + lane);
                V tanhC = hidden / o;
                V dc = V.MultiplyAdd(dh * o, one - tanhC * tanhC, V.Load(dC + lane));
                V.Store(gates + lane, dc * g * (i * (one - i)));
                V.Store(gates + U + lane, dc * V.Load(cPrevious + lane) * (f * (one - f)));
                V.Store(gates + 2 * U + lane, dc * i * (one - g * g));
                V.Store(gates + 3 * U + lane, dh * hidden * (one - o));
                V.Store(dC + lane, dc * f);
            }

            gates += 4 * U;
            cPrevious += U;
            h += U;
            dH += U;
            dC += U;
        }
    }
}
