using MlnetClip.Cells;
using MlnetClip.Kernels;
using MlnetClip.Models;
using MlnetClip.Parameters;
using MlnetClip.Training;

namespace MlnetClip.Layers;

/// <summary>
/// A recurrent layer in one direction: the products around a <see cref="Cell"/>, its buffers over all time steps, masks for padding and for
/// recurrent dropout, limits inside the backward pass, and the gradients of the weights.
/// </summary>
/// <remarks>
/// T, B, I, H as everywhere; P units padded to a multiple of 16; W sums of a row. States have T + 1 slots of B rows: forward, slot t is
/// the state before time step t; in the backward direction, slot t + 1 is. Padding at the end of a sequence gets a state of zero and no gradient.
/// </remarks>
internal sealed unsafe class RecurrentLayer : Layer
{
    /// <summary>Rows of up to this many floats are read in place for the weights' gradients; longer ones fall into too few cache sets.</summary>
    private const int LongestDirectRow = 64;

    /// <summary>Layers of at least this many units are divided into pieces of 32 units.</summary>
    private const int WideLayer = 256;

    private readonly KernelSet _kernels;
    private readonly Cell _cell;
    private readonly GateWeights _weights;
    private readonly bool _reverse, _packsInput, _packsHidden;
    private readonly float _recurrentDropout;
    private readonly int _place;
    private readonly AlignedBuffer _z, _h, _dOutputs, _dH, _inputPanels, _hiddenPanels, _zeros, _biasSums;
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
        long rows = (long)place.MaxTimeSteps * place.MaxBatchSize, states = rows + place.MaxBatchSize;
        // A last panel is read over its full width.
        _z = new AlignedBuffer(rows * W + Panel.MaxWidth);
        _h = new AlignedBuffer(states * P + Panel.MaxWidth);
        _dOutputs = new AlignedBuffer(rows * P);
        _dH = new AlignedBuffer((long)place.MaxBatchSize * P);
        if (_cell.HasState) (_c, _dC) = (new AlignedBuffer(states * P), new AlignedBuffer((long)place.MaxBatchSize * P));
        if (_cell.HasCarry) _carry = new AlignedBuffer((long)place.MaxBatchSize * P);
        if (_recurrentDropout > 0f) (_mask, _maskedH) = (new AlignedBuffer((long)place.MaxBatchSize * P), new AlignedBuffer(states * P + Panel.MaxWidth));
        _packsInput = I > KernelSet.NarrowColumns && (place.ReadsCallersMemory || P > LongestDirectRow);
        _packsHidden = H > KernelSet.NarrowColumns && P > LongestDirectRow;
        _inputPanels = new AlignedBuffer(_packsInput ? rows * Panel.Length(1, I) : 0);
        _hiddenPanels = new AlignedBuffer(_packsHidden ? rows * Panel.Length(1, H) : 0);
        _biasSums = new AlignedBuffer(W);
        _zeros = new AlignedBuffer(Panel.Length(1, Math.Max(W, I)));
    }

    public override int Columns => H;

    public override int RowLength => P;

    public override float* OutputGradients => _dOutputs.Pointer;

    public override int PackPieces => GateWeights.Pieces;

    public override int GradientPieces => _cell.Groups.Count * PiecesPerGroup;

    private int I => _weights.I;

    private int H => _weights.H;

    private int P => _weights.P;

    private int W => _weights.W;

    private int PiecesPerGroup => (P + UnitsPerPiece - 1) / UnitsPerPiece;

    /// <summary>16 units, or twice as many where that still gives every thread its share: each piece reads all the inputs.</summary>
    private int UnitsPerPiece => P < WideLayer ? Panel.UnitBlock : KernelSet.GradientUnits;

    public override float* Outputs(in Pass pass, float* x) => _reverse ? _h.Pointer : _h.Pointer + (nint)pass.BatchSize * P;

    public override void Pack(int piece, float* values) => _weights.Pack(piece, values);

    public override void Forward(in Pass pass, float* x, int xRow, int first, int end)
    {
        int T = pass.TimeSteps, B = pass.BatchSize, rows = end - first;
        bool dropped = pass.DropoutSeed is not null && _mask is not null;
        if (dropped) DrawMask(pass.DropoutSeed!.Value, first, end);
        nint start = StateBefore(0, T, B, first);
        RowMath.Clear(H_(start), (nint)rows * P);
        if (_c is not null) RowMath.Clear(C_(start), (nint)rows * P);
        if (dropped) RowMath.Clear(_maskedH!.Pointer + start * P, (nint)rows * P);
        for (int s = 0; s < T && !pass.IsCancelled; s++)
        {
            int t = _reverse ? T - 1 - s : s, row = t * B + first;
            nint before = StateBefore(s, T, B, first), after = StateAfter(s, T, B, first);
            Sums(x + (nint)row * xRow, xRow, Z(row), dropped ? _maskedH!.Pointer + before * P : H_(before), rows, isFirst: s == 0);
            _cell.Forward(Z(row), H_(before), H_(after), C_(before), C_(after), rows, P);
            if (pass.Lengths != null) ClearPaddedStates(pass, t, first, end, after);
            if (dropped) RowMath.Multiply(H_(after), _mask!.Pointer + (nint)first * P, _maskedH!.Pointer + after * P, rows * P);
        }
    }

    public override void Backward(in Pass pass, float* x, int xRow, float* dX, int dXRow, bool lastStepOnly, int first, int end) =>
        Backward(pass, dX, dXRow, lastStepOnly, accumulate: false, x, xRow, first, end);

    /// <summary>As <see cref="Layer.Backward"/>; <paramref name="accumulate"/> adds to dX, for the second of two directions.</summary>
    public void Backward(in Pass pass, float* dX, int dXRow, bool lastStepOnly, bool accumulate, float* x, int xRow, int first, int end)
    {
        int T = pass.TimeSteps, B = pass.BatchSize, rows = end - first;
        float* dC = _dC is null ? null : _dC.Pointer + (nint)first * P, carry = _carry is null ? null : _carry.Pointer + (nint)first * P;
        if (dC != null) RowMath.Clear(dC, (nint)rows * P);
        int start = FirstStep(pass, dX, dXRow, accumulate, first, rows);
        for (int s = T - 1; s >= start && !pass.IsCancelled; s--)
        {
            int t = _reverse ? T - 1 - s : s, row = t * B + first;
            nint before = StateBefore(s, T, B, first), after = StateAfter(s, T, B, first);
            float* dH = HiddenGradient(pass, s, lastStepOnly, first, rows, dC, carry);
            _cell.Backward(Z(row), H_(before), H_(after), C_(before), C_(after), dH, dC, carry, rows, P, (_reverse ? 1 : -1) * (nint)B * P);
            if (pass.Lengths != null) ClearPaddedGradients(pass, t, first, end, dC, carry);
            if (dX != null) InputGradient(Z(row), dX + (nint)row * dXRow, dXRow, rows, accumulate);
        }

        PackInputs(pass, x, xRow, first, end);
    }

    /// <summary>The gradients of one piece's units: dW = dZ^T [x, h'] and db = sum of dZ over all time steps and sequences.</summary>
    public override void WeightGradients(in Pass pass, int piece, float* gradients, float* x, int xRow, float* scratch)
    {
        if (pass.IsCancelled) return;
        int T = pass.TimeSteps, B = pass.BatchSize;
        GateGroup group = _cell.Groups[piece / PiecesPerGroup];
        int unit = piece % PiecesPerGroup * UnitsPerPiece, units = Math.Min(UnitsPerPiece, H - unit);
        int width = _kernels.PanelWidth;
        nint panel = (nint)T * B * width;
        float* input = gradients + _weights.WeightInput.Offset + ((nint)group.FirstGate * H + unit) * I;
        float* hidden = gradients + _weights.WeightHidden.Offset + ((nint)group.FirstGate * H + unit) * H;
        GradientTerm* terms = stackalloc GradientTerm[2];
        int count = 0;
        if (group.HasInput)
        {
            terms[count++] = _packsInput
                ? new(_inputPanels.Pointer, width, panel, I, 0, input, (nint)H * I)
                : new(x, xRow, width, I, 0, input, (nint)H * I);
        }

        // In the forward direction, the state before the first B rows is zero and they are skipped; if there are no others, the gradient is zero.
        int firstRow = _reverse ? 0 : B;
        if (group.HasHidden && firstRow < T * B)
        {
            terms[count++] = _packsHidden
                ? new(_hiddenPanels.Pointer, width, panel, H, firstRow, hidden, (nint)H * H)
                : new(StatesBefore(pass), P, width, H, firstRow, hidden, (nint)H * H);
        }
        else if (group.HasHidden)
        {
            for (int gate = 0; gate < group.Gates; gate++) RowMath.Clear(hidden + gate * (nint)H * H, (nint)units * H);
        }

        float* sums = _biasSums.Pointer + group.Offset * P + unit * group.Gates;
        _kernels.WeightGradient(Z(0) + group.Offset * P + (nint)unit * group.Gates, W, T * B, group.Gates, units, terms, count, sums, scratch);
        for (int block = 0; block < units; block += Panel.UnitBlock)
        {
            for (int gate = 0; gate < group.Gates; gate++, sums += Panel.UnitBlock)
            {
                var source = new ReadOnlySpan<float>(sums, Math.Min(Panel.UnitBlock, units - block));
                int place = (group.FirstGate + gate) * H + unit + block;
                if (group.HasInput) source.CopyTo(new Span<float>(gradients + _weights.BiasInput.Offset + place, source.Length));
                if (group.HasHidden) source.CopyTo(new Span<float>(gradients + _weights.BiasHidden.Offset + place, source.Length));
            }
        }
    }

    public override void AddSquares(in Pass pass, Span<double> squares)
    {
        for (int t = 0; t < pass.TimeSteps; t++)
            squares[t] += SumOfSquares.Of(new ReadOnlySpan<float>(Z(t * pass.BatchSize), pass.BatchSize * W));
    }

    public override (long Passed, long Limited) TakeLimitCounts()
    {
        var counts = (_passed, _limited);
        (_passed, _limited) = (0, 0);
        return counts;
    }

    /// <summary>The sums (forward) or their derivatives (backward) of a row, [W].</summary>
    private float* Z(int row) => _z.Pointer + (nint)row * W;

    private float* H_(nint state) => _h.Pointer + state * P;

    private float* C_(nint state) => _c is null ? null : _c.Pointer + state * P;

    /// <summary>The state before the s-th step in the layer's direction.</summary>
    private nint StateBefore(int s, int T, int B, int first) => (nint)(_reverse ? T - s : s) * B + first;

    private nint StateAfter(int s, int T, int B, int first) => (nint)(_reverse ? T - 1 - s : s + 1) * B + first;

    /// <summary>The hidden operand of the recurrent products before each row, [T, B, P].</summary>
    private float* StatesBefore(in Pass pass)
    {
        float* states = pass.DropoutSeed is not null && _maskedH is not null ? _maskedH.Pointer : _h.Pointer;
        return _reverse ? states + (nint)pass.BatchSize * P : states;
    }

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
    private float* HiddenGradient(in Pass pass, int s, bool lastStepOnly, int first, int rows, float* dC, float* carry)
    {
        int T = pass.TimeSteps, B = pass.BatchSize;
        float* own = lastStepOnly && s < T - 1 ? null : OutputGradients + (nint)((_reverse ? T - 1 - s : s) * B + first) * P;
        if (s == T - 1) return own;
        bool dropped = pass.DropoutSeed is not null && _mask is not null, limited = pass.Limits.HasLimit;
        bool inParts = dropped || limited || (carry != null && own != null);
        float* dH = _dH.Pointer + (nint)first * P;
        float* initial = carry != null && !dropped ? carry : inParts || own == null ? _zeros.Pointer : own;
        float* z = Z((_reverse ? T - 2 - s : s + 1) * B + first);
        Product* terms = stackalloc Product[2];
        int count = 0;
        for (int g = 0; g < _cell.Groups.Count; g++)
        {
            GateGroup group = _cell.Groups[g];
            if (group.HasHidden) terms[count++] = _kernels.RowsTimes(z + group.Offset * P, W, _weights.HiddenBackward(g), group.Gates * P);
        }

        _kernels.Multiply(terms, count, rows, H, initial, initial == _zeros.Pointer ? 0 : P, dH, P);
        if (!inParts) return dH;
        if (dropped)
        {
            RowMath.Multiply(dH, _mask!.Pointer + (nint)first * P, dH, rows * P);
            if (carry != null) RowMath.Add(carry, dH, rows * P);
        }

        if (limited) Limit(pass.Limits, dH, dC, rows);
        if (own != null) RowMath.Add(own, dH, rows * P);
        return dH;
    }

    /// <summary>
    /// The first step, in the layer's direction, that the gradient reaches; clears dz and dx of the steps before it. With padding, this depends on the
    /// end of each sequence, and <see cref="ClearPaddedGradients"/> does it.
    /// </summary>
    private int FirstStep(in Pass pass, float* dX, int dXRow, bool accumulate, int first, int rows)
    {
        int T = pass.TimeSteps, B = pass.BatchSize;
        if (pass.Limits.TruncateSteps is not { } steps || (pass.Lengths != null && !_reverse)) return 0;
        int start = Math.Max(0, T - steps);
        for (int s = 0; s < start; s++)
        {
            int row = (_reverse ? T - 1 - s : s) * B + first;
            RowMath.Clear(Z(row), (nint)rows * W);
            if (dX != null && !accumulate) RowMath.Clear(dX + (nint)row * dXRow, (nint)rows * dXRow);
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
            if (group.HasInput) terms[count++] = _kernels.RowsTimes(z + group.Offset * P, W, _weights.InputBackward(g), group.Gates * P);
        }

        _kernels.Multiply(terms, count, rows, I, accumulate ? dX : _zeros.Pointer, accumulate ? dXRow : 0, dX, dXRow);
    }

    /// <summary>Copies inputs and states before each step of sequences [first, end) into panels, if <see cref="WeightGradients"/> needs them in that form.</summary>
    private void PackInputs(in Pass pass, float* x, int xRow, int first, int end)
    {
        int T = pass.TimeSteps, B = pass.BatchSize;
        int width = _kernels.PanelWidth;
        nint panel = (nint)T * B * width;
        float* states = StatesBefore(pass);
        for (int t = 0; t < T && (_packsInput || _packsHidden); t++)
        {
            if (_packsInput) PackWeights.Rows(x, xRow, t * B + first, t * B + end, I, _inputPanels.Pointer, panel, width);
            if (_packsHidden) PackWeights.Rows(states, P, t * B + first, t * B + end, H, _hiddenPanels.Pointer, panel, width);
        }
    }

    private void ClearPaddedStates(in Pass pass, int t, int first, int end, nint after)
    {
        for (int b = first; b < end; b++)
        {
            if (t < pass.Lengths[b]) continue;
            RowMath.Clear(H_(after + b - first), P);
            if (_c is not null) RowMath.Clear(C_(after + b - first), P);
        }
    }

    /// <summary>Clears the gradients of padding, and of the steps before those that a truncated pass reaches.</summary>
    private void ClearPaddedGradients(in Pass pass, int t, int first, int end, float* dC, float* carry)
    {
        for (int b = first; b < end; b++)
        {
            int length = pass.Lengths[b];
            bool truncated = !_reverse && pass.Limits.TruncateSteps is { } steps && t < length - steps;
            if (t < length && !truncated) continue;
            RowMath.Clear(Z(t * pass.BatchSize + b), W);
            if (dC != null) RowMath.Clear(dC + (nint)(b - first) * P, P);
            if (carry != null) RowMath.Clear(carry + (nint)(b - first) * P, P);
        }
    }

    /// <summary>The masks of recurrent dropout, one for each sequence and unit, the same at every time step.</summary>
    private void DrawMask(ulong seed, int first, int end)
    {
        float* mask = _mask!.Pointer;
        new Span<float>(mask + (nint)first * P, (end - first) * P).Fill(1f);
        Dropout.Apply(mask, mask, first, end, P, _recurrentDropout, seed, RecurrentMasks + _place);
    }

    /// <summary>The number of the first recurrent layer's masks, apart from those of the dropout layers; two for each layer, one a direction.</summary>
    internal const int RecurrentMasks = 1 << 20;
}
