namespace MlnetClip.Layers;

/// <summary>A piece of the phase of the weights' gradients.</summary>
/// <param name="Layer">The layer; the number of layers for what is around them.</param>
/// <param name="Part">The part of the batch.</param>
/// <param name="Piece">The layer's piece.</param>
internal readonly record struct GradientPiece(int Layer, int Part, int Piece);

/// <summary>
/// The order of the pieces of the weights' gradients: by part of the batch. A thread's share is then of the sequences that it computed before. Pieces that need all
/// sequences are divided evenly.
/// </summary>
internal sealed class GradientSchedule
{
    private readonly GradientPiece[][] _pieces; // by the number of parts, less 1

    /// <param name="layers">The layers.</param>
    /// <param name="others">The number of pieces of what is around them.</param>
    public GradientSchedule(IReadOnlyList<Layer> layers, int others)
    {
        _pieces = new GradientPiece[BatchParts.Max][];
        for (int parts = 1; parts <= BatchParts.Max; parts++) _pieces[parts - 1] = [.. Order(layers, others, parts)];
    }

    /// <summary>The pieces for batches of so many parts.</summary>
    public GradientPiece[] Of(int parts) => _pieces[parts - 1];

    private static IEnumerable<GradientPiece> Order(IReadOnlyList<Layer> layers, int others, int parts)
    {
        var whole = new List<GradientPiece>();
        for (int k = 0; k < layers.Count; k++)
            for (int piece = 0; piece < layers[k].GradientPieces && !layers[k].SumsByPart; piece++) whole.Add(new(k, 0, piece));
        for (int piece = 0; piece < others; piece++) whole.Add(new(layers.Count, 0, piece));
        for (int part = 0; part < parts; part++)
        {
            for (int k = 0; k < layers.Count; k++)
                for (int piece = 0; piece < layers[k].GradientPieces && layers[k].SumsByPart; piece++) yield return new(k, part, piece);
            for (int n = part; n < whole.Count; n += parts) yield return whole[n];
        }
    }
}
