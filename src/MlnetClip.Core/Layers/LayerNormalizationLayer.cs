using MlnetClip.Kernels;
using MlnetClip.Models;
using MlnetClip.Parameters;

namespace MlnetClip.Layers;

/// <summary>Layer normalization of each row; for the formulas, see <see cref="LayerNormalization{V}"/>.</summary>
internal sealed unsafe class LayerNormalizationLayer : Layer
{
    private readonly KernelSet _kernels;
    private readonly NormalizationWeights _weights;
    private readonly float _epsilon;
    private readonly AlignedBuffer _outputs, _dOutputs, _statistics, _sums;

    public LayerNormalizationLayer(KernelSet kernels, LayerNormalizationSpec spec, IReadOnlyList<Parameter> parameters, LayerPlace place)
    {
        (_kernels, _epsilon) = (kernels, spec.Epsilon);
        _weights = new NormalizationWeights(parameters);
        long rows = (long)place.MaxTimeSteps * place.MaxBatchSize;
        _outputs = new AlignedBuffer(rows * RowLength + Panel.MaxWidth); // a last panel is read over its full width
        _dOutputs = new AlignedBuffer(rows * RowLength);
        _statistics = new AlignedBuffer(rows * 2);
        _sums = new AlignedBuffer(2L * RowLength);
    }

    public override int Columns => _weights.Columns;

    public override int RowLength => _weights.Padded;

    public override float* OutputGradients => _dOutputs.Pointer;

    public override int PackPieces => 1;

    /// <summary>16 columns each.</summary>
    public override int GradientPieces => RowLength / Panel.UnitBlock;

    public override float* Outputs(in Pass pass, float* x) => _outputs.Pointer;

    public override void PackForward(int piece, float* values) => _weights.Pack(values);

    public override void Forward(in Pass pass, float* x, int xRow, in SequenceRows rows)
    {
        for (int t = 0; t < pass.TimeSteps; t++)
        {
            nint row = rows.At(t);
            _kernels.LayerNormForward(
                x + row * xRow, xRow, _outputs.Pointer + row * RowLength, _statistics.Pointer + 2 * row, _weights.Packed, rows.Count, Columns, RowLength, _epsilon);
        }
    }

    public override void Backward(in Pass pass, float* x, int xRow, float* dX, int dXRow, bool lastStepOnly, in SequenceRows rows)
    {
        for (int t = 0; t < pass.TimeSteps && dX != null; t++)
        {
            nint row = rows.At(t);
            _kernels.LayerNormBackward(
                x + row * xRow, xRow, _dOutputs.Pointer + row * RowLength, dX + row * dXRow, dXRow, _statistics.Pointer + 2 * row, _weights.Packed,
                rows.Count, Columns, RowLength);
        }
    }

    public override void WeightGradients(in Pass pass, int part, int piece, float* gradients, float* x, int xRow, float* scratch)
    {
        int column = piece * Panel.UnitBlock, columns = Math.Min(Panel.UnitBlock, Columns - column);
        float* sums = _sums.Pointer + 2 * column;
        _kernels.LayerNormGradients(
            x + column, xRow, _dOutputs.Pointer + column, RowLength, _statistics.Pointer, pass.TimeSteps * pass.BatchSize, sums);
        new ReadOnlySpan<float>(sums, columns).CopyTo(new Span<float>(gradients + _weights.Weight.Offset + column, columns));
        new ReadOnlySpan<float>(sums + Panel.UnitBlock, columns).CopyTo(new Span<float>(gradients + _weights.Bias.Offset + column, columns));
    }
}
