namespace MlnetClip.Layers;

/// <summary>
/// The masks of inverted dropout: 0 with probability p, else 1 / (1 - p). Every engine uses the same ones: a mask depends only on the seed
/// of the step, the layer and the element's position.
/// </summary>
public static class DropoutMask
{
    /// <summary>Computes a mask.</summary>
    /// <param name="mask">
    /// Receives it, [rows, <paramref name="columns"/>]: of a dropout layer, a row for each time step and sequence, in the order of time, [T, B]; of recurrent dropout, a row
    /// for each sequence.
    /// </param>
    /// <param name="columns">Values of a row, at least 1.</param>
    /// <param name="probability">p, 0 or more and below 1.</param>
    /// <param name="seed">The seed of the step.</param>
    /// <param name="layer">The number of the dropout layer among the model's, from 0; of recurrent dropout, <see cref="OfRecurrentLayer"/>.</param>
    public static unsafe void Fill(Span<float> mask, int columns, float probability, ulong seed, int layer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        mask.Fill(1f);
        fixed (float* pointer = mask) Dropout.Apply(pointer, pointer, 0, mask.Length / columns, columns, probability, seed, layer);
    }

    /// <summary>The number of the masks of a recurrent layer's hidden state, apart from those of the dropout layers.</summary>
    /// <param name="layer">The layer's number among the model's recurrent layers, from 0.</param>
    /// <param name="reverse">True for the backward direction.</param>
    public static int OfRecurrentLayer(int layer, bool reverse) => RecurrentLayer.RecurrentMasks + (2 * layer) + (reverse ? 1 : 0);
}
