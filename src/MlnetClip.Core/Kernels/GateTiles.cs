using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>Divides rows into tiles of <see cref="GateTile{V}"/>, of equal height to within one row.</summary>
internal static unsafe class GateTiles<V> where V : unmanaged, ISimd<V>
{
    /// <summary>Rows of a tile at most.</summary>
    public const int MostRows = 6;

    /// <summary>The number of tiles of some rows.</summary>
    public static int Of<G>(int rows) where G : struct, ICount
    {
        // All sums, the inputs and a vector of weights stay in registers: 32 or 16 of them.
        int most = V.HasManyRegisters ? MostRows : 3;
        return (rows + most - 1) / most;
    }

    /// <summary>Computes a tile of up to 6 rows, see <see cref="GateTile{V}.Run"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<G>(int rows, GateTerm* terms, int count, float* initial, nint initialRow, float* sums, nint sumsRow, nint last)
        where G : struct, ICount
    {
        switch (rows)
        {
            case 1: GateTile<V>.Run<Count.One, G>(terms, count, initial, initialRow, sums, sumsRow, last); break;
            case 2: GateTile<V>.Run<Count.Two, G>(terms, count, initial, initialRow, sums, sumsRow, last); break;
            case 3: GateTile<V>.Run<Count.Three, G>(terms, count, initial, initialRow, sums, sumsRow, last); break;
            case 4: GateTile<V>.Run<Count.Four, G>(terms, count, initial, initialRow, sums, sumsRow, last); break;
            case 5: GateTile<V>.Run<Count.Five, G>(terms, count, initial, initialRow, sums, sumsRow, last); break;
            default: GateTile<V>.Run<Count.Six, G>(terms, count, initial, initialRow, sums, sumsRow, last); break;
        }
    }
}
