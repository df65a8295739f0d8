using MlnetClip.Kernels;
using MlnetClip.Parameters;

namespace MlnetClip.Layers;

/// <summary>The dense head: y = h W^T + b, [B, H] to [B, O].</summary>
internal sealed unsafe class DenseHead
{
    private readonly KernelSet _kernels;
    private readonly Parameter _weight, _bias;
    private readonly AlignedBuffer _forward, _backward, _packedBias, _zeros, _dY, _hPanels, _biasSums;
    private readonly int _paddedOutputs;

    public DenseHead(KernelSet kernels, IReadOnlyList<Parameter> parameters, int maxBatchSize)
    {
        _kernels = kernels;
        (_weight, _bias) = (parameters[0], parameters[1]);
        (O, H) = (_weight.Rows, _weight.Columns);
        _paddedOutputs = Panel.PadUnits(O);
        _forward = new AlignedBuffer(Panel.Length(H, O));
        _backward = new AlignedBuffer(Panel.Length(_paddedOutputs, H));
        _packedBias = new AlignedBuffer(Panel.Length(1, O));
        _zeros = new AlignedBuffer(Panel.Length(1, H));
        _dY = new AlignedBuffer((long)maxBatchSize * _paddedOutputs + Panel.Width); // a last panel is read over its full width
        _hPanels = new AlignedBuffer(Panel.Length(maxBatchSize, H));
        _biasSums = new AlignedBuffer(_paddedOutputs);
    }

    /// <summary>O: outputs.</summary>
    public int O { get; }

    /// <summary>H: inputs.</summary>
    public int H { get; }

    /// <summary>Pieces of work that <see cref="WeightGradients"/> falls into.</summary>
    public int GradientPieces => _paddedOutputs / Panel.UnitBlock;

    /// <summary>Brings the weights into the form that the products read.</summary>
    public void Pack(float* values)
    {
        PackWeights.Forward(values + _weight.Offset, 1, O, H, _forward.Pointer);
        PackWeights.Backward(values + _weight.Offset, 1, O, H, _backward.Pointer);
        new ReadOnlySpan<float>(values + _bias.Offset, O).CopyTo(_packedBias.Span);
    }

    /// <summary>Outputs of sequences [first, end).</summary>
    /// <param name="h">Hidden states of the batch, rows of <paramref name="hRow"/> floats.</param>
    /// <param name="hRow">Distance between rows of h.</param>
    /// <param name="y">Receives the outputs of the batch, [B, O].</param>
    /// <param name="first">First sequence.</param>
    /// <param name="end">Sequence after the last.</param>
    public void Forward(float* h, nint hRow, float* y, int first, int end)
    {
        var product = Product.OfRows(h + first * hRow, hRow, _forward.Pointer, H);
        _kernels.Multiply(&product, 1, end - first, O, _packedBias.Pointer, 0, y + (nint)first * O, O);
    }

    /// <summary>dh = dy W of sequences [first, end), and copies for <see cref="WeightGradients"/>.</summary>
    /// <param name="dY">Derivatives by the outputs of the batch, [B, O].</param>
    /// <param name="h">As in <see cref="Forward"/>.</param>
    /// <param name="dH">Receives the derivatives by h, rows of <paramref name="hRow"/> floats.</param>
    /// <param name="hRow">Distance between rows of h and dH.</param>
    /// <param name="B">Sequences in the batch.</param>
    /// <param name="first">First sequence.</param>
    /// <param name="end">Sequence after the last.</param>
    public void Backward(float* dY, float* h, float* dH, nint hRow, int B, int first, int end)
    {
        for (int b = first; b < end; b++)
            new ReadOnlySpan<float>(dY + (nint)b * O, O).CopyTo(new Span<float>(_dY.Pointer + (nint)b * _paddedOutputs, O));
        var product = Product.OfRows(_dY.Pointer + (nint)first * _paddedOutputs, _paddedOutputs, _backward.Pointer, _paddedOutputs);
        _kernels.Multiply(&product, 1, end - first, H, _zeros.Pointer, 0, dH + first * hRow, hRow);
        PackWeights.Rows(h, hRow, first, end, H, _hPanels.Pointer, (nint)B * Panel.Width);
    }

    /// <summary>The gradients of one block of 16 outputs: dW = dy^T h, db = sum of dy over the sequences.</summary>
    public void WeightGradients(int piece, float* gradients, int B, float* scratch)
    {
        int output = piece * Panel.UnitBlock;
        int outputs = Math.Min(Panel.UnitBlock, O - output);
        float* sums = _biasSums.Pointer + output;
        var term = new GradientTerm(
            _hPanels.Pointer, Panel.Width, (nint)B * Panel.Width, H, 0, gradients + _weight.Offset + (nint)output * H, 0);
        _kernels.WeightGradient(_dY.Pointer + output, _paddedOutputs, B, 1, outputs, &term, 1, sums, scratch);
        new ReadOnlySpan<float>(sums, outputs).CopyTo(new Span<float>(gradients + _bias.Offset + output, outputs));
    }
}
