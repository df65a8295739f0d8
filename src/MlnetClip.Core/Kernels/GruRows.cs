using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>One time step of several sequences: the products and the GRU cell of <see cref="GruPointwise{V}"/>, a tile of sequences and a block of 16 units at a time.</summary>
/// <remarks>A row of sums has r, z, the input's part of n and the hidden state's part of n, [4, 16] for each block; the weights have r, z and n.</remarks>
internal static unsafe class GruRows<V> where V : unmanaged, ISimd<V>
{
    private const int U = Panel.UnitBlock, W = 4 * U;

    /// <summary>One time step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(RowsStep* step)
    {
        GateTerm* terms = stackalloc GateTerm[2];
        int tiles = GateTiles<V>.Of<Count.Three>(step->Rows);
        float* sums = step->Scratch;
        for (int n = 0; n < step->Blocks; n++)
        {
            int block = step->Descending ? step->Blocks - 1 - n : n;
            float* input = step->InputWeights + (nint)block * step->Inputs * 3 * U, hidden = step->HiddenWeights + (nint)block * step->Units * 3 * U;
            float* bias = step->Bias + block * W;
            for (int tile = 0, row = 0, rows; tile < tiles; tile++, row += rows)
            {
                rows = (step->Rows - row) / (tiles - tile);
                nint state = (nint)row * step->Padded;
                terms[0] = new GateTerm(step->X + row * step->XRow, step->XRow, input, step->Inputs);
                terms[1] = new GateTerm(step->Before + state, step->Padded, hidden, step->Units);
                GateTiles<V>.Run<Count.Three>(rows, terms, 1, bias, 0, sums, W, 2 * U);
                for (int r = 0; r < rows; r++)
                    for (int lane = 0; lane < U; lane += V.Lanes) V.Store(sums + r * W + 3 * U + lane, V.Load(bias + 3 * U + lane));
                GateTiles<V>.Run<Count.Three>(rows, terms + 1, 1, sums, W, sums, W, 3 * U);
                state += block * U;
                Cell(sums, step->Before + state, step->After + state, step->Padded, rows);
            }
        }
    }

    /// <summary>The cell of a tile's rows, in two passes, so that many independent exponentials are in flight in either.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Cell(float* sums, float* before, float* after, nint padded, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int lane = 0; lane < U; lane += V.Lanes)
            {
                float* z = sums + row * W + lane;
                V r = Exponential.Sigmoid(V.Load(z));
                V.Store(z + U, Exponential.Sigmoid(V.Load(z + U)));
                V.Store(z, V.MultiplyAdd(r, V.Load(z + 3 * U), V.Load(z + 2 * U)));
            }
        }

        for (int row = 0; row < rows; row++)
        {
            for (int lane = 0; lane < U; lane += V.Lanes)
            {
                float* z = sums + row * W + lane;
                nint unit = row * padded + lane;
                V n = Exponential.Tanh(V.Load(z));
                V.Store(after + unit, V.MultiplyAdd(V.Load(z + U), V.Load(before + unit) - n, n));
            }
        }
    }
}
