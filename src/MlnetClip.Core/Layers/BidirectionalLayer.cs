using MlnetClip.Kernels;
using MlnetClip.Models;
using MlnetClip.Parameters;

namespace MlnetClip.Layers;

/// <summary>Two recurrent layers over the same inputs, one from each end; their outputs side by side, H of the first and then H of the second.</summary>
internal sealed unsafe class BidirectionalLayer : Layer
{
    private readonly RecurrentLayer _forward, _backward;
    private readonly AlignedBuffer _outputs, _dOutputs;

    /// <param name="kernels">The instruction path.</param>
    /// <param name="spec">The layer.</param>
    /// <param name="parameters">The four parameters of the forward direction, then those of the backward one.</param>
    /// <param name="place">The position of the layer in the model.</param>
    public BidirectionalLayer(KernelSet kernels, RecurrentSpec spec, IReadOnlyList<Parameter> parameters, LayerPlace place)
    {
        _forward = new RecurrentLayer(kernels, spec, [.. parameters.Take(4)], place);
        _backward = new RecurrentLayer(kernels, spec, [.. parameters.Skip(4)], place, reverse: true);
        RowLength = Panel.PadUnits(Columns);
        long rows = (long)place.MaxTimeSteps * place.MaxBatchSize;
        _outputs = new AlignedBuffer(rows * RowLength + Panel.MaxWidth); // a last panel is read over its full width
        _dOutputs = new AlignedBuffer(rows * RowLength);
    }

    public override int Columns => 2 * _forward.Columns;

    public override int RowLength { get; }

    public override float* OutputGradients => _dOutputs.Pointer;

    public override int PackPieces => _forward.PackPieces + _backward.PackPieces;

    public override int GradientPieces => _forward.GradientPieces + _backward.GradientPieces;

    public override bool SumsByPart => true;

    public override float* Outputs(in Pass pass, float* x) => _outputs.Pointer;

    public override void PackForward(int piece, float* values)
    {
        if (piece < _forward.PackPieces) _forward.PackForward(piece, values);
        else _backward.PackForward(piece - _forward.PackPieces, values);
    }

    public override void PackBackward(int piece, float* values)
    {
        if (piece < _forward.PackPieces) _forward.PackBackward(piece, values);
        else _backward.PackBackward(piece - _forward.PackPieces, values);
    }

    public override void Forward(in Pass pass, float* x, int xRow, in SequenceRows rows)
    {
        _forward.Forward(pass, x, xRow, rows);
        _backward.Forward(pass, x, xRow, rows);
        int H = _forward.Columns, P = _forward.RowLength;
        float* one = _forward.Outputs(pass, x), other = _backward.Outputs(pass, x);
        for (int t = 0; t < pass.TimeSteps; t++)
        {
            nint first = rows.At(t);
            for (nint row = first; row < first + rows.Count; row++)
            {
                float* target = _outputs.Pointer + row * RowLength;
                new ReadOnlySpan<float>(one + row * P, H).CopyTo(new Span<float>(target, H));
                new ReadOnlySpan<float>(other + row * P, H).CopyTo(new Span<float>(target + H, H));
            }
        }
    }

    public override void Backward(in Pass pass, float* x, int xRow, float* dX, int dXRow, bool lastStepOnly, in SequenceRows rows)
    {
        int H = _forward.Columns, P = _forward.RowLength;
        for (int t = 0; t < pass.TimeSteps; t++)
        {
            nint first = rows.At(t);
            for (nint row = first; row < first + rows.Count; row++)
            {
                float* source = _dOutputs.Pointer + row * RowLength;
                new ReadOnlySpan<float>(source, H).CopyTo(new Span<float>(_forward.OutputGradients + row * P, H));
                new ReadOnlySpan<float>(source + H, H).CopyTo(new Span<float>(_backward.OutputGradients + row * P, H));
            }
        }

        _forward.Backward(pass, dX, dXRow, lastStepOnly, accumulate: false, x, xRow, rows);
        _backward.Backward(pass, dX, dXRow, lastStepOnly, accumulate: true, x, xRow, rows);
    }

    public override void BeginWeightGradients()
    {
        _forward.BeginWeightGradients();
        _backward.BeginWeightGradients();
    }

    public override void WeightGradients(in Pass pass, int part, int piece, float* gradients, float* x, int xRow, float* scratch)
    {
        if (piece < _forward.GradientPieces) _forward.WeightGradients(pass, part, piece, gradients, x, xRow, scratch);
        else _backward.WeightGradients(pass, part, piece - _forward.GradientPieces, gradients, x, xRow, scratch);
    }

    public override void AddSquares(in Pass pass, Span<double> squares)
    {
        _forward.AddSquares(pass, squares);
        _backward.AddSquares(pass, squares);
    }

    public override (long Passed, long Limited) TakeLimitCounts()
    {
        var (passed, limited) = _forward.TakeLimitCounts();
        var (otherPassed, otherLimited) = _backward.TakeLimitCounts();
        return (passed + otherPassed, limited + otherLimited);
    }
}
