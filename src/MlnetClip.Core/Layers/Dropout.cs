using MlnetClip.Data;

namespace MlnetClip.Layers;

/// <summary>
/// Inverted dropout, PyTorch's: each element is zero with probability p, else divided by 1 - p. The mask of an element depends
/// only on the seed, the layer and the element's position, so it is computed again in the backward pass instead of being stored.
/// </summary>
internal static unsafe class Dropout
{
    /// <summary>target = mask * source, row by row; the same call serves the derivative.</summary>
    /// <param name="source">Rows of <paramref name="rowLength"/> floats.</param>
    /// <param name="target">Likewise; may be the source.</param>
    /// <param name="first">First row.</param>
    /// <param name="end">Row after the last.</param>
    /// <param name="rowLength">Floats per row, with padding.</param>
    /// <param name="probability">p, 0 or more and below 1.</param>
    /// <param name="seed">The step's seed.</param>
    /// <param name="layer">The layer whose outputs are dropped.</param>
    public static void Apply(float* source, float* target, int first, int end, int rowLength, float probability, ulong seed, int layer)
    {
        float scale = 1f / (1f - probability);
        for (int row = first; row < end; row++)
        {
            ulong stream = SeededRandom.Derive(seed, (ulong)layer, (ulong)row);
            nint offset = (nint)row * rowLength;
            for (int n = 0; n < rowLength; n++)
            {
                // One multiplication mixes a row's stream with the position; 24 bits decide.
                ulong bits = (stream + (ulong)n * 0x9E3779B97F4A7C15) * 0xD1342543DE82EF95;
                bits ^= bits >> 32;
                bits *= 0xD1342543DE82EF95;
                float uniform = (bits >> 40) * (1f / (1 << 24));
                target[offset + n] = uniform < probability ? 0f : source[offset + n] * scale;
            }
        }
    }
}
