using MlnetClip.Kernels;

namespace MlnetClip.Inference;

/// <summary>Both directions of a bidirectional layer over several sequences, side by side.</summary>
internal sealed unsafe class BidirectionalBatch(RecurrentBatch forward, RecurrentBatch backward) : BatchLayer
{
    private AlignedBuffer _outputs = new(0);

    public override int Columns => 2 * forward.Columns;

    public override int RowLength => Panel.PadUnits(Columns);

    public override float* Outputs => _outputs.Pointer;

    public override void Reserve(int timeSteps, int rows)
    {
        forward.Reserve(timeSteps, rows);
        backward.Reserve(timeSteps, rows);
        if (_outputs.Length < (long)timeSteps * rows * RowLength) _outputs = new AlignedBuffer((long)timeSteps * rows * RowLength);
    }

    public override void Forward(float* x, int xRow, in BatchSteps steps)
    {
        forward.Forward(x, xRow, steps);
        backward.Forward(x, xRow, steps);
        int H = forward.Columns, P = forward.RowLength, row = RowLength;
        for (int t = 0; t < steps.TimeSteps; t++)
        {
            nint first = (nint)t * steps.Rows;
            float* target = _outputs.Pointer + first * row, left = forward.Outputs + first * P, right = backward.Outputs + first * P;
            for (int b = steps.ReachOf(t); b > 0; b--, target += row, left += P, right += P)
            {
                new ReadOnlySpan<float>(left, H).CopyTo(new Span<float>(target, H));
                new ReadOnlySpan<float>(right, H).CopyTo(new Span<float>(target + H, H));
            }
        }
    }
}
