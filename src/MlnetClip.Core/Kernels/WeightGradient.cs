using System.Runtime.CompilerServices;

namespace MlnetClip.Kernels;

/// <summary>
/// dW[gate, unit, n] = sum over rows r of dZ[r, gate, unit] * X[r, n] for one block of 16 units, and the bias's gradient,
/// the sum of dZ alone; rows are all time steps of all sequences, in order.
/// </summary>
internal static unsafe class WeightGradient<V> where V : unmanaged, ISimd<V>
{
    private const int U = Panel.UnitBlock;
    private const int TileRows = 8;

    /// <summary>Rows taken at a time, so that what they occupy stays in the nearer caches.</summary>
    public const int DepthBlock = 256;

    /// <summary>Floats of scratch that <see cref="Weights"/> needs.</summary>
    public const int ScratchLength = 4 * U * DepthBlock;

    /// <summary>The gradient of the weights of one block of units.</summary>
    /// <param name="dZ">The block's first column; [depth, gates, 16] with a row stride of <paramref name="dZRow"/>.</param>
    /// <param name="dZRow">Distance between rows of dZ.</param>
    /// <param name="depth">Number of rows.</param>
    /// <param name="gates">4 or 1.</param>
    /// <param name="units">Units of the block that exist, 1 to 16.</param>
    /// <param name="panels">X, packed: [depth, 32] a panel.</param>
    /// <param name="panelStride">Distance between panels.</param>
    /// <param name="columns">N.</param>
    /// <param name="gradient">The row of the block's first unit in the first gate; row-major with N columns.</param>
    /// <param name="gateStride">Distance between gates in the gradient.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats.</param>
    public static void Weights(
        float* dZ, nint dZRow, int depth, int gates, int units, float* panels, nint panelStride, int columns,
        float* gradient, nint gateStride, float* scratch)
    {
        float* zeros = stackalloc float[Panel.Width];
        new Span<float>(zeros, Panel.Width).Clear();
        for (int start = 0; start < depth; start += DepthBlock)
        {
            int rows = Math.Min(DepthBlock, depth - start);
            Pack(dZ + start * dZRow, dZRow, rows, gates * U, scratch);
            float* b = panels + (nint)start * Panel.Width;
            for (int column = 0; column < columns; column += Panel.Width, b += panelStride)
            {
                for (int tile = 0; tile < gates * U / TileRows; tile++)
                {
                    int unit = tile * TileRows % U;
                    if (unit >= units) continue;
                    float* c = gradient + tile * TileRows / U * gateStride + (nint)unit * columns + column;
                    Multiply<V>.Rows(
                        scratch + tile * TileRows * DepthBlock, 1, TileRows, Math.Min(TileRows, units - unit),
                        b, panelStride, rows, Math.Min(Panel.Width, columns - column),
                        start == 0 ? zeros : c, start == 0 ? 0 : columns, c, columns);
                }
            }
        }
    }

    /// <summary>The gradient of the biases of one block of units: the sums of dZ's columns.</summary>
    /// <param name="dZ">As for <see cref="Weights"/>.</param>
    /// <param name="dZRow">As for <see cref="Weights"/>.</param>
    /// <param name="depth">Number of rows.</param>
    /// <param name="columns">A multiple of 16.</param>
    /// <param name="sums">Receives the sums.</param>
    public static void ColumnSums(float* dZ, nint dZRow, int depth, int columns, float* sums)
    {
        for (int column = 0; column < columns; column += V.Lanes)
        {
            V sum = V.Create(0f);
            float* element = dZ + column;
            for (int row = 0; row < depth; row++, element += dZRow) sum += V.Load(element);
            V.Store(sums + column, sum);
        }
    }

    /// <summary>Tiles of 8 columns of dZ, each [rows, 8] and contiguous.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(float* dZ, nint dZRow, int rows, int columns, float* packed)
    {
        for (int row = 0; row < rows; row++, dZ += dZRow, packed += TileRows)
        {
            for (int column = 0; column < columns; column += TileRows)
                Buffer.MemoryCopy(dZ + column, packed + (nint)column * DepthBlock, TileRows * sizeof(float), TileRows * sizeof(float));
        }
    }
}
