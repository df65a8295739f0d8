using MlnetClip.Kernels;
using MlnetClip.Layers;

namespace MlnetClip.Inference;

/// <summary>Layer normalization of each time step of several sequences.</summary>
internal sealed unsafe class NormalizedBatch(KernelSet kernels, NormalizationWeights weights, float epsilon) : BatchLayer
{
    private AlignedBuffer _outputs = new(0), _statistics = new(0);

    public override int Columns => weights.Columns;

    public override int RowLength => weights.Padded;

    public override float* Outputs => _outputs.Pointer;

    public override void Reserve(int timeSteps, int rows)
    {
        if (_outputs.Length < (long)timeSteps * rows * RowLength) _outputs = new AlignedBuffer((long)timeSteps * rows * RowLength);
        if (_statistics.Length < 2 * rows) _statistics = new AlignedBuffer(2 * rows);
    }

    public override void Forward(float* x, int xRow, in BatchSteps steps)
    {
        for (int t = 0; t < steps.TimeSteps; t++)
        {
            nint first = (nint)t * steps.Rows;
            kernels.LayerNormForward(
                x + first * xRow, xRow, _outputs.Pointer + first * RowLength, _statistics.Pointer, weights.Packed, steps.ReachOf(t), Columns, RowLength, epsilon);
        }
    }
}
