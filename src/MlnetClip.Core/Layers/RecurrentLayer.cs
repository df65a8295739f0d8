using MlnetClip.Cells;
using MlnetClip.Kernels;
using MlnetClip.Models;
using MlnetClip.Parameters;
using MlnetClip.Training;

namespace MlnetClip.Layers;

/// <summary>
/// A recurrent layer in one direction: the products around a <see cref="Cell"/>, its buffers over all time steps, masks for padding and for
/// recurrent dropout, and limits inside the backward pass. For the gradients of its weights, see <see cref="RecurrentGradients"/>.
/// </summary>
/// <remarks>
/// T, B, I, H as everywhere; P units padded to a multiple of 16; W sums of a row. The state before time step t is that of t - 1, in the backward direction that of
/// t + 1, and zero before the first one. Padding at the end of a sequence gets a state of zero and no gradient.
/// </remarks>
internal sealed unsafe class RecurrentLayer : Layer
{
    private readonly KernelSet _kernels;
    private readonly Cell _cell;
    private readonly GateWeights _weights;
    private readonly RecurrentGradients _gradients;
    private readonly bool _reverse;
    private readonly float _recurrentDropout;
    private readonly int _place;
    private readonly AlignedBuffer _z, _h, _dOutputs, _dH, _zeros;
    private readonly AlignedBuffer? _c, _dC, _carry, _mask, _maskedH;
    private long _passed, _limited; // integers, so that the order of the threads does not matter

    /// <param name="kernels">The instruction path.</param>
    /// <param name="spec">The layer.</param>
    /// <param name="parameters">weight_ih, weight_hh, bias_ih and bias_hh of this direction.</param>
    /// <param name="place">The position of the layer in the model.</param>
    /// <param name="reverse">True for the backward direction.</param>
    public RecurrentLayer(KernelSet kernels, RecurrentSpec spec, IReadOnlyList<Parameter> parameters, LayerPlace place, bool reverse = false)
    {
        (_kernels, _reverse, _recurrentDropout, _place) = (kernels, reverse, spec.RecurrentDropout, (2 * place.Index) + (reverse ? 1 : 0));
        _cell = Cell.Create(spec.Cell, kernels);
        _weights = new GateWeights(_cell, parameters, place.NeedsInputGradient);
        _gradients = new RecurrentGradients(kernels, _weights, parameters, place, reverse);
        long rows = (long)place.MaxTimeSteps * place.MaxBatchSize;
        // A last panel is read over its full width.
        _z = new AlignedBuffer(rows * W + Panel.MaxWidth);
        _h = new AlignedBuffer(rows * P + Panel.MaxWidth);
        _dOutputs = new AlignedBuffer(rows * P);
        _dH = new AlignedBuffer((long)place.MaxBatchSize * P);
        if (_cell.HasState) (_c, _dC) = (new AlignedBuffer(rows * P), new AlignedBuffer((long)place.MaxBatchSize * P));
        if (_cell.HasCarry) _carry = new AlignedBuffer((long)place.MaxBatchSize * P);
        if (_recurrentDropout > 0f) (_mask, _maskedH) = (new AlignedBuffer((long)place.MaxBatchSize * P), new AlignedBuffer(rows * P + Panel.MaxWidth));
        _zeros = new AlignedBuffer(Math.Max((long)place.MaxBatchSize * P, Panel.Length(1, Math.Max(W, I))));
    }

    public override int Columns => H;

    public override int RowLength => P;

    public override float* OutputGradients => _dOutputs.Pointer;

    public override int PackPieces => _weights.Pieces;

    public override int GradientPieces => _gradients.Pieces;

    private int I => _weights.I;

    private int H => _weights.H;

    private int P => _weights.P;

    private int W => _weights.W;

    public override bool SumsByPart => true;

    public override float* Outputs(in Pass pass, float* x) => _h.Pointer;

    public override void PackForward(int piece, float* values) => _weights.PackForward(piece, values);

    public override void PackBackward(int piece, float* values) => _weights.PackBackward(piece, values);

    public override void Forward(in Pass pass, float* x, int xRow, in SequenceRows rows)
    {
        int T = pass.TimeSteps, count = rows.Count;
        bool dropped = pass.DropoutSeed is not null && _mask is not null;
        if (dropped) DrawMask(pass.DropoutSeed!.Value, rows);
        float* hBefore = _zeros.Pointer, maskedBefore = _zeros.Pointer, cBefore = _c is null ? null : _zeros.Pointer;
        for (int s = 0; s < T && !pass.IsCancelled; s++)
        {
            int t = TimeOf(s, T);
            nint row = rows.At(t);
            float* h = H_(row), c = C_(row);
            Sums(x + row * xRow, xRow, Z(row), dropped ? maskedBefore : hBefore, count, isFirst: s == 0);
            _cell.Forward(Z(row), hBefore, h, cBefore, c, count, P);
            if (pass.Lengths != null) ClearPaddedStates(pass, t, rows);
            hBefore = h;
            cBefore = c;
            if (!dropped) continue;
            maskedBefore = _maskedH!.Pointer + row * P;
            RowMath.Multiply(h, _mask!.Pointer + (nint)rows.First * P, maskedBefore, count * P);
        }
    }

    public override void Backward(in Pass pass, float* x, int xRow, float* dX, int dXRow, bool lastStepOnly, in SequenceRows rows) =>
        Backward(pass, dX, dXRow, lastStepOnly, accumulate: false, x, xRow, rows);

    /// <summary>As <see cref="Layer.Backward"/>; <paramref name="accumulate"/> adds to dX, for the second of two directions.</summary>
    public void Backward(in Pass pass, float* dX, int dXRow, bool lastStepOnly, bool accumulate, float* x, int xRow, in SequenceRows rows)
    {
        int T = pass.TimeSteps, count = rows.Count;
        nint first = (nint)rows.First * P, next = (_reverse ? 1 : -1) * (nint)rows.Step * P;
        float* dC = _dC is null ? null : _dC.Pointer + first, carry = _carry is null ? null : _carry.Pointer + first;
        if (dC != null) RowMath.Clear(dC, (nint)count * P);
        int start = FirstStep(pass, dX, dXRow, accumulate, rows);
        for (int s = T - 1; s >= start && !pass.IsCancelled; s--)
        {
            int t = TimeOf(s, T);
            nint row = rows.At(t);
            float* h = H_(row), hBefore = s == 0 ? _zeros.Pointer : h + next, cBefore = _c is null ? null : s == 0 ? _zeros.Pointer : C_(row) + next;
            float* dH = HiddenGradient(pass, s, lastStepOnly, rows, dC, carry);
            _cell.Backward(Z(row), hBefore, h, cBefore, dH, dC, carry, count, P, next);
            if (pass.Lengths != null) ClearPaddedGradients(pass, t, rows, dC, carry);
            if (dX != null) InputGradient(Z(row), dX + row * dXRow, dXRow, count, accumulate);
        }

        _gradients.PackInputs(pass, x, xRow, HiddenOperands(pass), rows);
    }

    public override void BeginWeightGradients() => _gradients.Begin();

    public override void WeightGradients(in Pass pass, int part, int piece, float* gradients, float* x, int xRow, float* scratch) =>
        _gradients.Compute(pass, part, piece, gradients, _z.Pointer, x, xRow, HiddenOperands(pass), scratch);

    public override void AddSquares(in Pass pass, Span<double> squares)
    {
        for (int part = 0; part < pass.Parts; part++)
        {
            SequenceRows rows = pass.RowsOf(part);
            for (int t = 0; t < pass.TimeSteps; t++) squares[t] += SumOfSquares.Of(new ReadOnlySpan<float>(Z(rows.At(t)), rows.Count * W));
        }
    }

    public override (long Passed, long Limited) TakeLimitCounts()
    {
        var counts = (_passed, _limited);
        (_passed, _limited) = (0, 0);
        return counts;
    }

    /// <summary>The time step that is the s-th one in the layer's direction.</summary>
    private int TimeOf(int s, int T) => _reverse ? T - 1 - s : s;

    /// <summary>The sums (forward) or their derivatives (backward) of a row, [W].</summary>
    private float* Z(nint row) => _z.Pointer + row * W;

    private float* H_(nint row) => _h.Pointer + row * P;

    private float* C_(nint row) => _c is null ? null : _c.Pointer + row * P;

    /// <summary>The hidden states as the recurrent products read them, [rows, P].</summary>
    private float* HiddenOperands(in Pass pass) => pass.DropoutSeed is not null && _maskedH is not null ? _maskedH.Pointer : _h.Pointer;

    /// <summary>z = b + x W_ih^T + h' W_hh^T for rows of one time step; h' is zero at first.</summary>
    private void Sums(float* x, int xRow, float* z, float* h, int rows, bool isFirst)
    {
        Product* terms = stackalloc Product[2];
        for (int g = 0; g < _cell.Groups.Count; g++)
        {
            GateGroup group = _cell.Groups[g];
            int count = 0;
            if (group.HasInput) terms[count++] = _kernels.RowsTimes(x, xRow, _weights.Input(g), I);
            if (group.HasHidden && !isFirst) terms[count++] = _kernels.RowsTimes(h, P, _weights.Hidden(g), H);
            _kernels.Multiply(terms, count, rows, group.Gates * P, _weights.Bias + group.Offset * P, 0, z + group.Offset * P, W);
        }
    }

    /// <summary>
    /// dh of the s-th step in the layer's direction, [rows, P]: the derivative with respect to the output plus the gradient propagated from the
    /// next step, which is dz W_hh and the cell's carry.
    /// </summary>
    private float* HiddenGradient(in Pass pass, int s, bool lastStepOnly, in SequenceRows rows, float* dC, float* carry)
    {
        int T = pass.TimeSteps, count = rows.Count;
        float* own = lastStepOnly && s < T - 1 ? null : OutputGradients + rows.At(TimeOf(s, T)) * P;
        if (s == T - 1) return own;
        bool dropped = pass.DropoutSeed is not null && _mask is not null, limited = pass.Limits.HasLimit;
        bool inParts = dropped || limited || (carry != null && own != null);
        nint first = (nint)rows.First * P;
        float* dH = _dH.Pointer + first;
        float* initial = carry != null && !dropped ? carry : inParts || own == null ? _zeros.Pointer : own;
        float* z = Z(rows.At(TimeOf(s + 1, T)));
        Product* terms = stackalloc Product[2];
        int used = 0;
        for (int g = 0; g < _cell.Groups.Count; g++)
        {
            GateGroup group = _cell.Groups[g];
            if (group.HasHidden) terms[used++] = _kernels.RowsTimes(z + group.Offset * P, W, _weights.Hidden(g), group.Gates * P);
        }

        _kernels.Multiply(terms, used, count, H, initial, initial == _zeros.Pointer ? 0 : P, dH, P);
        if (!inParts) return dH;
        if (dropped)
        {
            RowMath.Multiply(dH, _mask!.Pointer + first, dH, count * P);
            if (carry != null) RowMath.Add(carry, dH, count * P);
        }

        if (limited) Limit(pass.Limits, dH, dC, count);
        if (own != null) RowMath.Add(own, dH, count * P);
        return dH;
    }

    /// <summary>
    /// The first step, in the layer's direction, that the gradient reaches; clears dz and dx of the steps before it. With padding, this depends on the
    /// end of each sequence, and <see cref="ClearPaddedGradients"/> does it.
    /// </summary>
    private int FirstStep(in Pass pass, float* dX, int dXRow, bool accumulate, in SequenceRows rows)
    {
        int T = pass.TimeSteps;
        if (pass.Limits.TruncateSteps is not { } steps || (pass.Lengths != null && !_reverse)) return 0;
        int start = Math.Max(0, T - steps);
        for (int s = 0; s < start; s++)
        {
            nint row = rows.At(TimeOf(s, T));
            RowMath.Clear(Z(row), (nint)rows.Count * W);
            if (dX != null && !accumulate) RowMath.Clear(dX + row * dXRow, (nint)rows.Count * dXRow);
        }

        return start;
    }

    /// <summary>Limits the gradient propagated from a time step: each element, or its norm for each sequence.</summary>
    private void Limit(in BackpropLimits limits, float* dH, float* dC, int rows)
    {
        int count = 0;
        for (int r = 0; r < rows; r++)
        {
            var hidden = new Span<float>(dH + (nint)r * P, P);
            Span<float> cell = dC == null ? [] : new Span<float>(dC + (nint)r * P, P);
            if (limits.Value is { } value)
            {
                if (ClampInPlace.To(hidden, -value, value) + ClampInPlace.To(cell, -value, value) > 0) count++;
            }
            else if (limits.Norm is { } limit)
            {
                double norm = Math.Sqrt(SumOfSquares.Of(hidden) + SumOfSquares.Of(cell));
                if (norm > limit)
                {
                    ScaleInPlace.By(hidden, limit / norm);
                    ScaleInPlace.By(cell, limit / norm);
                    count++;
                }
            }
        }

        Interlocked.Add(ref _passed, rows);
        Interlocked.Add(ref _limited, count);
    }

    /// <summary>dx = dz W_ih for rows of one time step.</summary>
    private void InputGradient(float* z, float* dX, int dXRow, int rows, bool accumulate)
    {
        Product* terms = stackalloc Product[2];
        int count = 0;
        for (int g = 0; g < _cell.Groups.Count; g++)
        {
            GateGroup group = _cell.Groups[g];
            if (group.HasInput) terms[count++] = _kernels.RowsTimes(z + group.Offset * P, W, _weights.Input(g), group.Gates * P);
        }

        _kernels.Multiply(terms, count, rows, I, accumulate ? dX : _zeros.Pointer, accumulate ? dXRow : 0, dX, dXRow);
    }

    private void ClearPaddedStates(in Pass pass, int t, in SequenceRows rows)
    {
        nint row = rows.At(t);
        for (int b = rows.First; b < rows.End; b++, row++)
        {
            if (t < pass.Lengths[b]) continue;
            RowMath.Clear(H_(row), P);
            if (_c is not null) RowMath.Clear(C_(row), P);
        }
    }

    /// <summary>Clears the gradients of padding, and of the steps before those that a truncated pass reaches.</summary>
    private void ClearPaddedGradients(in Pass pass, int t, in SequenceRows rows, float* dC, float* carry)
    {
        for (int b = rows.First; b < rows.End; b++)
        {
            int length = pass.Lengths[b], n = b - rows.First;
            bool truncated = !_reverse && pass.Limits.TruncateSteps is { } steps && t < length - steps;
            if (t < length && !truncated) continue;
            RowMath.Clear(Z(rows.At(t) + n), W);
            if (dC != null) RowMath.Clear(dC + (nint)n * P, P);
            if (carry != null) RowMath.Clear(carry + (nint)n * P, P);
        }
    }

    /// <summary>The masks of recurrent dropout, one for each sequence and unit, the same at every time step.</summary>
    private void DrawMask(ulong seed, in SequenceRows rows)
    {
        float* mask = _mask!.Pointer + (nint)rows.First * P;
        new Span<float>(mask, rows.Count * P).Fill(1f);
        Dropout.Apply(mask, mask, rows.First, rows.Count, P, _recurrentDropout, seed, RecurrentMasks + _place);
    }

    /// <summary>The number of the first recurrent layer's masks, apart from those of the dropout layers; two for each layer, one a direction.</summary>
    internal const int RecurrentMasks = 1 << 20;
}
