using MlnetClip.Kernels;
using MlnetClip.Layers;

namespace MlnetClip.Inference;

/// <summary>A layer's forward pass over one sequence: rows of inputs [T, I] to rows of outputs [T, row length].</summary>
internal abstract unsafe class SequenceLayer
{
    /// <summary>O: outputs per time step.</summary>
    public abstract int Columns { get; }

    /// <summary>Distance between rows of the outputs; the padding is zero.</summary>
    public abstract int RowLength { get; }

    /// <summary>The outputs of the last call, [T, row length].</summary>
    public abstract float* Outputs { get; }

    /// <summary>Makes room for up to <paramref name="steps"/> time steps.</summary>
    public abstract void Reserve(int steps);

    /// <summary>Begins a sequence.</summary>
    public virtual void Reset()
    {
    }

    /// <summary>The next time steps of the sequence.</summary>
    public abstract void Forward(float* x, int xRow, int steps);
}

/// <summary>One direction of a recurrent layer. The forward direction continues from the state of the previous call; in the backward direction, a call is a whole sequence.</summary>
internal sealed unsafe class RecurrentSequence(RowCell cell, bool reverse = false) : SequenceLayer
{
    /// <summary>Time steps whose input products are one product of matrices, and still in the nearest caches when the steps read them.</summary>
    private const int StretchSteps = 64;

    private readonly AlignedBuffer _sums = new((long)StretchSteps * cell.W);
    private readonly AlignedBuffer? _c = cell.HasState ? new AlignedBuffer(cell.P) : null;
    private AlignedBuffer _h = new(2L * cell.P); // [T + 1, P]: the state before the first step comes before or after the others
    private int _last; // steps of the previous call

    public override int Columns => cell.H;

    public override int RowLength => cell.P;

    public override float* Outputs => reverse ? _h.Pointer : _h.Pointer + cell.P;

    public override void Reserve(int steps)
    {
        if (_h.Length >= (steps + 1L) * cell.P) return;
        AlignedBuffer old = _h;
        _h = new AlignedBuffer((steps + 1L) * cell.P);
        old.Span.CopyTo(_h.Span);
    }

    public override void Reset()
    {
        _h.Span[..cell.P].Clear();
        _c?.Span.Clear();
        _last = 0;
    }

    public override void Forward(float* x, int xRow, int steps)
    {
        int P = cell.P;
        float* c = _c is null ? null : _c.Pointer;
        if (reverse)
        {
            RowMath.Clear(_h.Pointer + (nint)steps * P, P);
            if (c != null) RowMath.Clear(c, P);
        }
        else if (_last > 0)
        {
            new ReadOnlySpan<float>(_h.Pointer + (nint)_last * P, P).CopyTo(new Span<float>(_h.Pointer, P));
        }

        _last = steps;
        for (int done = 0, count; done < steps; done += count)
        {
            count = Math.Min(StretchSteps, steps - done);
            int first = reverse ? steps - done - count : done;
            cell.InputSums(x + (nint)first * xRow, xRow, count, _sums.Pointer);
            for (int n = 0; n < count; n++)
            {
                int t = reverse ? first + count - 1 - n : first + n;
                float* before = _h.Pointer + (nint)(reverse ? t + 1 : t) * P, after = _h.Pointer + (nint)(reverse ? t : t + 1) * P;
                // Alternates between ascending and descending: the weights read last are still in the nearest cache when the next step begins.
                cell.Row(_sums.Pointer + (nint)(t - first) * cell.W, before, after, c, descending: n % 2 == 0);
            }
        }
    }
}

/// <summary>Both directions of a bidirectional layer, side by side.</summary>
internal sealed unsafe class BidirectionalSequence(RecurrentSequence forward, RecurrentSequence backward) : SequenceLayer
{
    private AlignedBuffer _outputs = new(Panel.PadUnits(2 * forward.Columns));

    public override int Columns => 2 * forward.Columns;

    public override int RowLength => Panel.PadUnits(Columns);

    public override float* Outputs => _outputs.Pointer;

    public override void Reserve(int steps)
    {
        forward.Reserve(steps);
        backward.Reserve(steps);
        if (_outputs.Length < (long)steps * RowLength) _outputs = new AlignedBuffer((long)steps * RowLength);
    }

    public override void Forward(float* x, int xRow, int steps)
    {
        forward.Reset();
        forward.Forward(x, xRow, steps);
        backward.Forward(x, xRow, steps);
        int H = forward.Columns, P = forward.RowLength;
        for (int t = 0; t < steps; t++)
        {
            float* target = _outputs.Pointer + (nint)t * RowLength;
            new ReadOnlySpan<float>(forward.Outputs + (nint)t * P, H).CopyTo(new Span<float>(target, H));
            new ReadOnlySpan<float>(backward.Outputs + (nint)t * P, H).CopyTo(new Span<float>(target + H, H));
        }
    }
}

/// <summary>Layer normalization of each time step.</summary>
internal sealed unsafe class NormalizedSequence(KernelSet kernels, NormalizationWeights weights, float epsilon) : SequenceLayer
{
    private readonly float[] _statistics = new float[2];
    private AlignedBuffer _outputs = new(weights.Padded);

    public override int Columns => weights.Columns;

    public override int RowLength => weights.Padded;

    public override float* Outputs => _outputs.Pointer;

    public override void Reserve(int steps)
    {
        if (_outputs.Length < (long)steps * RowLength) _outputs = new AlignedBuffer((long)steps * RowLength);
    }

    public override void Forward(float* x, int xRow, int steps)
    {
        fixed (float* statistics = _statistics)
        {
            for (int t = 0; t < steps; t++)
                kernels.LayerNormForward(x + (nint)t * xRow, xRow, _outputs.Pointer + (nint)t * RowLength, statistics, weights.Packed, 1, Columns, RowLength, epsilon);
        }
    }
}
