using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>Bias and the input's product of many rows, such as the time steps of a sequence.</summary>
internal static unsafe class GateSums<V> where V : unmanaged, ISimd<V>
{
    private const int U = Panel.UnitBlock, W = 4 * U;

    /// <summary>All rows times all blocks of units.</summary>
    /// <param name="input">The rows, and the weights of all blocks one after the other.</param>
    /// <param name="gates">Vectors in a row of the weights: 4, or 3 for a GRU, whose fourth sum is its bias.</param>
    /// <param name="rows">Rows, 1 or more.</param>
    /// <param name="bias">Biases, [blocks, 4, 16].</param>
    /// <param name="blocks">Blocks of units.</param>
    /// <param name="sums">Receives the sums, [rows, blocks, 4, 16].</param>
    public static void Run(GateTerm input, int gates, int rows, float* bias, int blocks, float* sums)
    {
        if (gates > 3) Run<Count.Four>(input, rows, bias, blocks, sums);
        else Run<Count.Three>(input, rows, bias, blocks, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run<G>(GateTerm input, int rows, float* bias, int blocks, float* sums) where G : struct, ICount
    {
        nint sumsRow = (nint)blocks * W;
        int tiles = GateTiles<V>.Of<G>(rows);
        for (int block = 0; block < blocks; block++, bias += W, sums += W)
        {
            float* weights = input.Weights + (nint)block * input.Depth * G.Value * U;
            for (int tile = 0, row = 0, count; tile < tiles; tile++, row += count)
            {
                count = (rows - row) / (tiles - tile);
                var term = new GateTerm(input.A + row * input.ARow, input.ARow, weights, input.Depth);
                GateTiles<V>.Run<G>(count, &term, 1, bias, 0, sums + row * sumsRow, sumsRow, (G.Value - 1) * U);
            }

            if (G.Value > 3) continue;
            for (int row = 0; row < rows; row++)
                for (int lane = 0; lane < U; lane += V.Lanes) V.Store(sums + row * sumsRow + 3 * U + lane, V.Load(bias + 3 * U + lane));
        }
    }
}
