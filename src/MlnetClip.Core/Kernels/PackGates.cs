namespace MlnetClip.Kernels;

/// <summary>
/// Packs weights in PyTorch's layout, [gates * units, columns], for prediction: in blocks of 16 units with all gates side by side, each block from front to back,
/// [blocks, columns, gates, 16]. With one gate, a block is 64 units, [blocks, columns, 4, 16]. Padding is zero.
/// </summary>
internal static unsafe class PackGates
{
    private const int U = Panel.UnitBlock;

    /// <summary>Vectors of 16 units in a row of a block.</summary>
    public static int Vectors(int gates) => gates == 1 ? 4 : gates;

    /// <summary>Blocks of units.</summary>
    public static int Blocks(int gates, int units) => gates == 1 ? (units + 4 * U - 1) / (4 * U) : (units + U - 1) / U;

    /// <summary>Packs a matrix of weights.</summary>
    /// <param name="weights">[gates * units, columns].</param>
    /// <param name="gates">4, 3 or 1.</param>
    /// <param name="units">Hidden units.</param>
    /// <param name="columns">K.</param>
    /// <param name="packed">Receives the blocks.</param>
    public static void Weights(float* weights, int gates, int units, int columns, float* packed)
    {
        int vectors = Vectors(gates), blocks = Blocks(gates, units), width = vectors * U;
        for (int block = 0; block < blocks; block++, packed += (nint)columns * width)
        {
            for (int n = 0; n < width; n++)
            {
                int row = SourceRow(gates, units, block, n / U, n % U);
                float* source = weights + (nint)row * columns;
                for (int k = 0; k < columns; k++) packed[(nint)k * width + n] = row < 0 ? 0f : source[k];
            }
        }
    }

    /// <summary>The biases of the sums, [blocks, 4, 16]: both added, but kept apart in the third and fourth sum of a GRU, r, z, n of the input and n of the hidden state.</summary>
    public static void Bias(float* input, float* hidden, int gates, int units, float* packed)
    {
        for (int block = 0; block < Blocks(gates, units); block++)
        {
            for (int n = 0; n < 4 * U; n++, packed++)
            {
                int row = SourceRow(gates, units, block, Math.Min(n / U, Vectors(gates) - 1), n % U);
                *packed = row < 0 ? 0f : gates != 3 || n < 2 * U ? input[row] + hidden[row] : n < 3 * U ? input[row] : hidden[row];
            }
        }
    }

    /// <summary>The row of PyTorch's matrix, -1 for padding.</summary>
    private static int SourceRow(int gates, int units, int block, int vector, int lane)
    {
        int unit = (gates == 1 ? block * 4 + vector : block) * U + lane;
        return unit >= units ? -1 : gates == 1 ? unit : vector * units + unit;
    }
}
