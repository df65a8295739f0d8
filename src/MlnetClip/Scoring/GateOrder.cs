namespace MlnetClip.Scoring;

/// <summary>The order of a cell's gates in ONNX, where PyTorch's is ours: LSTM i, o, f, c for i, f, g, o, and GRU z, r, h for r, z, n.</summary>
internal static class GateOrder
{
    private static readonly int[] s_lstm = [0, 3, 1, 2], s_gru = [1, 0, 2], s_rnn = [0];

    /// <summary>Which of our gates is at each place in ONNX.</summary>
    public static ReadOnlySpan<int> Of(RecurrentCell cell) => cell switch
    {
        RecurrentCell.Lstm => s_lstm,
        RecurrentCell.Gru => s_gru,
        _ => s_rnn,
    };

    /// <summary>Copies a matrix whose rows are in blocks of gates to the order of ONNX.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="ours">The matrix in PyTorch's order.</param>
    /// <param name="onnx">Receives it in the order of ONNX.</param>
    public static void ToOnnx(RecurrentCell cell, ReadOnlySpan<float> ours, Span<float> onnx)
    {
        ReadOnlySpan<int> order = Of(cell);
        int block = ours.Length / order.Length;
        for (int g = 0; g < order.Length; g++) ours.Slice(order[g] * block, block).CopyTo(onnx[(g * block)..]);
    }

    /// <summary>The opposite of <see cref="ToOnnx"/>.</summary>
    public static void FromOnnx(RecurrentCell cell, ReadOnlySpan<float> onnx, Span<float> ours)
    {
        ReadOnlySpan<int> order = Of(cell);
        int block = onnx.Length / order.Length;
        for (int g = 0; g < order.Length; g++) onnx.Slice(g * block, block).CopyTo(ours[(order[g] * block)..]);
    }
}
