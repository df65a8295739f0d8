using MlnetClip.Kernels;
using MlnetClip.Layers;

namespace MlnetClip.Inference;

/// <summary>One direction of a recurrent layer over several sequences: all of them at one time step, then at the next.</summary>
internal sealed unsafe class RecurrentBatch(RowCell cell, bool reverse = false) : BatchLayer
{
    private readonly AlignedBuffer _scratch = new(RowCell.ScratchLength);
    private AlignedBuffer _c = new(0);
    private AlignedBuffer _h = new(0); // [T + 1, B, P]: the states before the first step come before or after the others
    private nint _slot; // floats of a time step

    public override int Columns => cell.H;

    public override int RowLength => cell.P;

    public override float* Outputs => reverse ? _h.Pointer : _h.Pointer + _slot;

    public override void Reserve(int timeSteps, int rows)
    {
        long states = (long)rows * cell.P;
        if (cell.HasState && _c.Length < states) _c = new AlignedBuffer(states);
        if (_h.Length < (timeSteps + 1) * states) _h = new AlignedBuffer((timeSteps + 1) * states);
    }

    public override void Forward(float* x, int xRow, in BatchSteps steps)
    {
        int T = steps.TimeSteps, P = cell.P;
        _slot = (nint)steps.Rows * P;
        if (cell.HasState) RowMath.Clear(_c.Pointer, _slot);
        var step = new RowsStep { XRow = xRow, C = _c.Pointer, Scratch = _scratch.Pointer };
        for (int n = 0, before = 0; n < T; n++)
        {
            int t = reverse ? T - 1 - n : n;
            float* h = _h.Pointer + (reverse ? t + 1 : t) * _slot;
            step.Rows = steps.ReachOf(t);
            // A sequence begins at the first step, in the reverse direction at its own last one.
            if (step.Rows > before && (n == 0 || reverse)) RowMath.Clear(h + (nint)before * P, (nint)(step.Rows - before) * P);
            before = step.Rows;
            step.X = x + (nint)t * steps.Rows * xRow;
            step.Before = h;
            step.After = reverse ? h - _slot : h + _slot;
            // Alternates between ascending and descending: the weights read last are still in the nearest cache when the next step begins.
            step.Descending = n % 2 == 1;
            cell.Rows(ref step);
        }
    }
}
