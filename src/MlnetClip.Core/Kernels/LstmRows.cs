using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>
/// One time step of several sequences: z = b + x W_ih^T + h W_hh^T and the LSTM cell of <see cref="LstmPointwise{V}"/>. The weights of a block of 16 units
/// are read once for a tile of sequences, and the cell follows while the tile's sums are in the nearest cache.
/// </summary>
internal static unsafe class LstmRows<V> where V : unmanaged, ISimd<V>
{
    private const int U = Panel.UnitBlock, W = 4 * U;

    /// <summary>One time step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(RowsStep* step)
    {
        GateTerm* terms = stackalloc GateTerm[2];
        int tiles = GateTiles<V>.Of<Count.Four>(step->Rows);
        float* sums = step->Scratch;
        for (int n = 0; n < step->Blocks; n++)
        {
            int block = step->Descending ? step->Blocks - 1 - n : n;
            float* input = step->InputWeights + (nint)block * step->Inputs * W, hidden = step->HiddenWeights + (nint)block * step->Units * W;
            for (int tile = 0, row = 0, rows; tile < tiles; tile++, row += rows)
            {
                rows = (step->Rows - row) / (tiles - tile);
                terms[0] = new GateTerm(step->X + row * step->XRow, step->XRow, input, step->Inputs);
                terms[1] = new GateTerm(step->Before + (nint)row * step->Padded, step->Padded, hidden, step->Units);
                GateTiles<V>.Run<Count.Four>(rows, terms, 2, step->Bias + block * W, 0, sums, W, 3 * U);
                nint state = (nint)row * step->Padded + block * U;
                Cell(sums, step->C + state, step->After + state, step->Padded, rows);
            }
        }
    }

    /// <summary>The cell of a tile's rows, in two passes, so that many independent exponentials are in flight in either.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Cell(float* sums, float* c, float* h, nint padded, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int lane = 0; lane < U; lane += V.Lanes)
            {
                float* z = sums + row * W + lane;
                float* state = c + row * padded + lane;
                V i = Exponential.Sigmoid(V.Load(z)), f = Exponential.Sigmoid(V.Load(z + U)), g = Exponential.Tanh(V.Load(z + 2 * U));
                V.Store(state, V.MultiplyAdd(f, V.Load(state), i * g));
                V.Store(z, Exponential.Sigmoid(V.Load(z + 3 * U)));
            }
        }

        for (int row = 0; row < rows; row++)
        {
            for (int lane = 0; lane < U; lane += V.Lanes)
                V.Store(h + row * padded + lane, V.Load(sums + row * W + lane) * Exponential.Tanh(V.Load(c + row * padded + lane)));
        }
    }
}
