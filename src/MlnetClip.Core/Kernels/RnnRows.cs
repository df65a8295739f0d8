using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>One time step of one or several sequences of the plain recurrent cells, whose weights are packed 64 units side by side, as if they were four gates.</summary>
internal static unsafe class RnnRows<V> where V : unmanaged, ISimd<V>
{
    private const int U = Panel.UnitBlock, W = 4 * U;

    /// <summary>One time step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="relu">True for h = max(0, z), false for h = tanh(z).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(RowsStep* step, bool relu)
    {
        GateTerm* terms = stackalloc GateTerm[2];
        int tiles = GateTiles<V>.Of<Count.Four>(step->Rows);
        float* sums = step->Scratch;
        for (int n = 0; n < step->Blocks; n++)
        {
            int block = step->Descending ? step->Blocks - 1 - n : n;
            float* input = step->InputWeights + (nint)block * step->Inputs * W, hidden = step->HiddenWeights + (nint)block * step->Units * W;
            int units = Math.Min(W, step->Padded - block * W);
            for (int tile = 0, row = 0, rows; tile < tiles; tile++, row += rows)
            {
                rows = (step->Rows - row) / (tiles - tile);
                terms[0] = new GateTerm(step->X + row * step->XRow, step->XRow, input, step->Inputs);
                terms[1] = new GateTerm(step->Before + (nint)row * step->Padded, step->Padded, hidden, step->Units);
                GateTiles<V>.Run<Count.Four>(rows, terms, 2, step->Bias + block * W, 0, sums, W, 3 * U);
                for (int r = 0; r < rows; r++)
                {
                    float* h = step->After + (nint)(row + r) * step->Padded + block * W;
                    if (relu) ReluPointwise<V>.Forward(sums + r * W, h, units);
                    else TanhPointwise<V>.Forward(sums + r * W, h, units);
                }
            }
        }
    }
}
