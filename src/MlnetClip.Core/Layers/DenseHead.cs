using MlnetClip.Kernels;
using MlnetClip.Models;
using MlnetClip.Parameters;

namespace MlnetClip.Layers;

/// <summary>The dense head: y = h W^T + b, [S, B, H] to [S, B, O].</summary>
internal sealed unsafe class DenseHead
{
    private readonly KernelSet _kernels;
    private readonly DenseWeights _weights;
    private readonly int _hRow; // columns of the panels that h is copied to; narrow rows are whole
    private readonly AlignedBuffer _zeros, _dY, _hPanels, _biasSums;

    /// <param name="kernels">The instruction path.</param>
    /// <param name="parameters">Weight [O, H] and bias [O].</param>
    /// <param name="maxRows">The largest S times the largest B.</param>
    public DenseHead(KernelSet kernels, IReadOnlyList<Parameter> parameters, long maxRows)
    {
        _kernels = kernels;
        _weights = new DenseWeights(parameters, kernels.PanelWidth, training: true);
        _hRow = _weights.H <= KernelSet.NarrowColumns ? Panel.MaxWidth : kernels.PanelWidth;
        _zeros = new AlignedBuffer(Panel.Length(1, _weights.H));
        _dY = new AlignedBuffer(maxRows * _weights.PaddedOutputs + Panel.MaxWidth); // a last panel is read over its full width
        _hPanels = new AlignedBuffer(maxRows * Panel.Length(1, _weights.H));
        _biasSums = new AlignedBuffer(_weights.PaddedOutputs);
    }

    /// <summary>The number of pieces of work of <see cref="WeightGradients"/>.</summary>
    public int GradientPieces => _weights.PaddedOutputs / Panel.UnitBlock;

    /// <summary>Packs the weights for the matrix products.</summary>
    public void Pack(float* values) => _weights.Pack(values);

    /// <summary>Outputs of some sequences at all steps.</summary>
    /// <param name="h">The inputs of the head, rows of <paramref name="hRow"/> floats.</param>
    /// <param name="hRow">Distance between rows of h.</param>
    /// <param name="hRows">Where the rows of the sequences are in h.</param>
    /// <param name="hFirst">The time step of h that is the first step.</param>
    /// <param name="y">Receives the outputs, [S, B, O].</param>
    /// <param name="S">Steps.</param>
    /// <param name="B">Sequences in the batch.</param>
    public void Forward(float* h, int hRow, in SequenceRows hRows, int hFirst, float* y, int S, int B)
    {
        for (int s = 0; s < S; s++)
        {
            nint row = (nint)s * B + hRows.First;
            var product = _kernels.RowsTimes(h + hRows.At(hFirst + s) * hRow, hRow, _weights.Forward, _weights.H);
            _kernels.Multiply(&product, 1, hRows.Count, _weights.O, _weights.Bias, 0, y + row * _weights.O, _weights.O);
        }
    }

    /// <summary>dh = dy W of some sequences, and copies for <see cref="WeightGradients"/>.</summary>
    /// <param name="dY">Derivatives with respect to the outputs, [S, B, O].</param>
    /// <param name="h">As in <see cref="Forward"/>.</param>
    /// <param name="dH">Receives the derivatives with respect to h, in rows as those of h.</param>
    /// <param name="hRow">Distance between rows of h and dH.</param>
    /// <param name="hRows">As in <see cref="Forward"/>.</param>
    /// <param name="hFirst">As in <see cref="Forward"/>.</param>
    /// <param name="S">Steps.</param>
    /// <param name="B">Sequences in the batch.</param>
    public void Backward(float* dY, float* h, float* dH, int hRow, in SequenceRows hRows, int hFirst, int S, int B)
    {
        int O = _weights.O, H = _weights.H, padded = _weights.PaddedOutputs;
        for (int s = 0; s < S; s++)
        {
            nint at = hRows.At(hFirst + s) * hRow;
            int row = s * B + hRows.First, end = row + hRows.Count;
            for (int r = row; r < end; r++)
                new ReadOnlySpan<float>(dY + (nint)r * O, O).CopyTo(new Span<float>(_dY.Pointer + (nint)r * padded, O));
            var product = _kernels.RowsTimes(_dY.Pointer + (nint)row * padded, padded, _weights.Backward, padded);
            _kernels.Multiply(&product, 1, hRows.Count, H, _zeros.Pointer, 0, dH + at, hRow);
            PackWeights.Rows(h + at, hRow, hRows.Count, H, _hPanels.Pointer + (nint)row * _hRow, (nint)S * B * _hRow, _hRow);
        }
    }

    /// <summary>The gradients of one block of 16 outputs: dW = dy^T h, db = sum of dy over the rows.</summary>
    public void WeightGradients(int piece, float* gradients, int rows, float* scratch)
    {
        int output = piece * Panel.UnitBlock, outputs = Math.Min(Panel.UnitBlock, _weights.O - output);
        float* sums = _biasSums.Pointer + output;
        var term = new GradientTerm(
            _hPanels.Pointer, _hRow, (nint)rows * _hRow, _weights.H, 0, rows, gradients + _weights.Weight.Offset + (nint)output * _weights.H, 0);
        _kernels.WeightGradient(_dY.Pointer + output, _weights.PaddedOutputs, rows, 1, outputs, &term, 1, sums, scratch);
        new ReadOnlySpan<float>(sums, outputs).CopyTo(new Span<float>(gradients + _weights.BiasParameter.Offset + output, outputs));
    }
}
