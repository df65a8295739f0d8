using MlnetClip.Data;

namespace MlnetClip.Layers;

/// <summary>
/// Inverted dropout, PyTorch's: each element is zero with probability p, else divided by 1 - p. The mask of an element depends
/// only on the seed, the layer and the element's position, so it is computed again in the backward pass instead of being stored.
/// </summary>
internal static unsafe class Dropout
{
    /// <summary>target = mask * source, row by row; the same call serves the derivative.</summary>
    /// <param name="source">The first row, of <paramref name="rowLength"/> floats.</param>
    /// <param name="target">Likewise; may be the source.</param>
    /// <param name="first">The position of the first row, which decides its mask.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="rowLength">Floats per row, with padding.</param>
    /// <param name="probability">p, 0 or more and below 1.</param>
    /// <param name="seed">The step's seed.</param>
    /// <param name="layer">The layer whose outputs are dropped.</param>
    public static void Apply(float* source, float* target, int first, int rows, int rowLength, float probability, ulong seed, int layer)
    {
        float scale = 1f / (1f - probability);
        for (int row = 0; row < rows; row++, source += rowLength, target += rowLength)
        {
            ulong stream = SeededRandom.Derive(seed, (ulong)layer, (ulong)(first + row));
            for (int n = 0; n < rowLength; n++)
            {
                // One multiplication mixes a row's stream with the position; 24 bits decide.
                ulong bits = (stream + (ulong)n * 0x9E3779B97F4A7C15) * 0xD1342543DE82EF95;
                bits ^= bits >> 32;
                bits *= 0xD1342543DE82EF95;
                float uniform = (bits >> 40) * (1f / (1 << 24));
                target[n] = uniform < probability ? 0f : source[n] * scale;
            }
        }
    }
}
