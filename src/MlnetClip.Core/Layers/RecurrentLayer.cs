using MlnetClip.Kernels;
using MlnetClip.Parameters;
using MlnetClip.Training;

namespace MlnetClip.Layers;

/// <summary>
/// What the recurrent layers share: buffers over all time steps, packed weights, and the gradients of the weights.
/// The recurrence itself, forward and backward, is the derived layer's.
/// </summary>
/// <remarks>
/// T, B, I, H as everywhere; G gates, P units padded to a multiple of 16. Rows of the buffers are (t, b) in the order of time.
/// Sequences do not meet in the recurrence, so each thread takes some of them through all time steps.
/// </remarks>
internal abstract unsafe class RecurrentLayer
{
    /// <summary>Rows of up to this many floats are read in place for the weights' gradients; longer ones fall into too few cache sets.</summary>
    private const int LongestDirectRow = 64;

    /// <summary>Layers of at least this many units are shared out by 32 units.</summary>
    private const int WideLayer = 256;

    private readonly AlignedBuffer _z, _h, _dOutputs, _dH, _inputPanels, _hiddenPanels;
    private readonly AlignedBuffer _inputForward, _inputBackward, _hiddenForward, _hiddenBackward, _bias, _zeros, _biasSums;
    private readonly bool _packsInput, _packsHidden;
    private readonly Parameter _weightInput, _weightHidden, _biasInput, _biasHidden;
    private readonly bool _needsInputGradient;
    private long _passed, _limited; // whole numbers, so that the order of the threads does not matter

    protected RecurrentLayer(KernelSet kernels, int gates, IReadOnlyList<Parameter> parameters, int maxTimeSteps, int maxBatchSize)
    {
        Kernels = kernels;
        G = gates;
        (_weightInput, _weightHidden, _biasInput, _biasHidden) = (parameters[0], parameters[1], parameters[2], parameters[3]);
        _needsInputGradient = _weightInput.Layer > 0;
        I = _weightInput.Columns;
        H = _weightHidden.Columns;
        P = Panel.PadUnits(H);
        long rows = (long)maxTimeSteps * maxBatchSize;
        _z = new AlignedBuffer(rows * G * P + Panel.Width); // as below
        _h = new AlignedBuffer((rows + maxBatchSize) * P + Panel.Width); // a last panel is read over its full width
        _dOutputs = new AlignedBuffer(rows * P);
        _dH = new AlignedBuffer((long)maxBatchSize * P);
        _packsInput = I > KernelSet.NarrowColumns && (_weightInput.Layer == 0 || P > LongestDirectRow);
        _packsHidden = H > KernelSet.NarrowColumns && P > LongestDirectRow;
        _inputPanels = new AlignedBuffer(_packsInput ? rows * Panel.Length(1, I) : 0);
        _hiddenPanels = new AlignedBuffer(_packsHidden ? rows * Panel.Length(1, H) : 0);
        _inputForward = new AlignedBuffer(Panel.Length(I, G * P));
        _inputBackward = new AlignedBuffer(Panel.Length(G * P, I));
        _hiddenForward = new AlignedBuffer(Panel.Length(H, G * P));
        _hiddenBackward = new AlignedBuffer(Panel.Length(G * P, H));
        _bias = new AlignedBuffer(Panel.Length(1, G * P));
        _biasSums = new AlignedBuffer(G * P);
        _zeros = new AlignedBuffer(Panel.Length(1, Math.Max(P, G * P)));
    }

    /// <summary>I: inputs per time step.</summary>
    public int I { get; }

    /// <summary>H: hidden units.</summary>
    public int H { get; }

    /// <summary>H rounded up to a multiple of 16: the row length of all hidden states.</summary>
    public int P { get; }

    /// <summary>Gates per unit.</summary>
    public int G { get; }

    /// <summary>Pieces of work that <see cref="WeightGradients"/> falls into.</summary>
    public int GradientPieces => (P + UnitsPerPiece - 1) / UnitsPerPiece;

    /// <summary>16 units, or twice as many where that still gives every thread its share: each piece reads all the inputs.</summary>
    private int UnitsPerPiece => P < WideLayer ? Panel.UnitBlock : KernelSet.GradientUnits;

    /// <summary>What is done to the derivative that each time step passes to the one before it; nothing by default.</summary>
    public BackpropagationLimits BackpropClipping { get; set; }

    /// <summary>Derivatives that time steps passed to the ones before under a limit, one a sequence and step.</summary>
    public long Passed => _passed;

    /// <summary>Those of <see cref="Passed"/> that were beyond it.</summary>
    public long Limited => _limited;

    /// <summary>Starts both counts anew.</summary>
    public void ForgetPasses() => (_passed, _limited) = (0, 0);

    protected KernelSet Kernels { get; }

    /// <summary>The hidden states, [T, B, P]; the padding is zero.</summary>
    public float* Outputs(int batchSize) => _h.Pointer + (nint)batchSize * P;

    /// <summary>The derivatives by <see cref="Outputs"/>, [T, B, P], to be filled before <see cref="Backward"/>; the padding is zero.</summary>
    public float* OutputGradients => _dOutputs.Pointer;

    /// <summary>Brings the weights into the form that the products read: 4 pieces, of which prediction needs the first 2.</summary>
    public void Pack(int piece, float* values)
    {
        float* input = values + _weightInput.Offset, hidden = values + _weightHidden.Offset;
        switch (piece)
        {
            case 0:
                PackWeights.Forward(hidden, G, H, H, _hiddenForward.Pointer);
                break;
            case 1:
                PackWeights.Forward(input, G, H, I, _inputForward.Pointer);
                PackWeights.Bias(values + _biasInput.Offset, values + _biasHidden.Offset, G, H, _bias.Pointer);
                break;
            case 2:
                PackWeights.Backward(hidden, G, H, H, _hiddenBackward.Pointer);
                break;
            default:
                if (_needsInputGradient) PackWeights.Backward(input, G, H, I, _inputBackward.Pointer);
                break;
        }
    }

    /// <summary>Takes sequences [first, end) through all time steps.</summary>
    /// <param name="x">Inputs of the whole batch, [T, B, I] with rows of <paramref name="xRow"/> floats.</param>
    /// <param name="xRow">Distance between rows of x.</param>
    /// <param name="T">Time steps.</param>
    /// <param name="B">Sequences in the batch.</param>
    /// <param name="first">First sequence.</param>
    /// <param name="end">Sequence after the last.</param>
    public abstract void Forward(float* x, nint xRow, int T, int B, int first, int end);

    /// <summary>Takes the derivative by the outputs of sequences [first, end) back through all time steps.</summary>
    /// <param name="dX">Receives the derivative by the inputs, rows of <paramref name="dXRow"/> floats; null for the first layer.</param>
    /// <param name="dXRow">Distance between rows of dX.</param>
    /// <param name="lastStepOnly">True where only the last time step's output was used: other steps have no derivative of their own.</param>
    /// <param name="T">Time steps.</param>
    /// <param name="B">Sequences in the batch.</param>
    /// <param name="first">First sequence.</param>
    /// <param name="end">Sequence after the last.</param>
    public abstract void Backward(float* dX, nint dXRow, bool lastStepOnly, int T, int B, int first, int end);

    /// <summary>Copies inputs and states before each step of sequences [first, end) into panels, where <see cref="WeightGradients"/> wants them so.</summary>
    public void PackInputs(float* x, nint xRow, int T, int B, int first, int end)
    {
        nint panel = (nint)T * B * Panel.Width;
        for (int t = 0; t < T && (_packsInput || _packsHidden); t++)
        {
            if (_packsInput) PackWeights.Rows(x, xRow, t * B + first, t * B + end, I, _inputPanels.Pointer, panel);
            if (_packsHidden) PackWeights.Rows(_h.Pointer, P, t * B + first, t * B + end, H, _hiddenPanels.Pointer, panel);
        }
    }

    /// <summary>The gradients of one piece's units: dW = dZ^T [x, h'] and db = sum of dZ over all time steps and sequences.</summary>
    public void WeightGradients(int piece, float* gradients, float* x, nint xRow, int T, int B, float* scratch)
    {
        int unit = piece * UnitsPerPiece;
        int units = Math.Min(UnitsPerPiece, H - unit);
        nint panel = (nint)T * B * Panel.Width;
        float* input = gradients + _weightInput.Offset + (nint)unit * I, hidden = gradients + _weightHidden.Offset + (nint)unit * H;
        GradientTerm* terms = stackalloc GradientTerm[2];
        terms[0] = _packsInput
            ? new(_inputPanels.Pointer, Panel.Width, panel, I, 0, input, (nint)H * I)
            : new(x, xRow, Panel.Width, I, 0, input, (nint)H * I);
        terms[1] = _packsHidden
            ? new(_hiddenPanels.Pointer, Panel.Width, panel, H, B, hidden, (nint)H * H)
            : new(_h.Pointer, P, Panel.Width, H, B, hidden, (nint)H * H);
        if (T == 1) // there is no state before the only step
        {
            for (int gate = 0; gate < G; gate++) new Span<float>(hidden + gate * (nint)H * H, units * H).Clear();
        }

        float* sums = _biasSums.Pointer + unit * G;
        Kernels.WeightGradient(Z(0) + (nint)unit * G, G * P, T * B, G, units, terms, T > 1 ? 2 : 1, sums, scratch);
        for (int block = 0; block < units; block += Panel.UnitBlock)
        {
            for (int gate = 0; gate < G; gate++, sums += Panel.UnitBlock)
            {
                var source = new ReadOnlySpan<float>(sums, Math.Min(Panel.UnitBlock, units - block));
                source.CopyTo(new Span<float>(gradients + _biasInput.Offset + gate * H + unit + block, source.Length));
                source.CopyTo(new Span<float>(gradients + _biasHidden.Offset + gate * H + unit + block, source.Length));
            }
        }
    }

    /// <summary>The sums (forward) or their derivatives (backward) of a row, [G * P] in blocks of 16 units.</summary>
    protected float* Z(int row) => _z.Pointer + (nint)row * G * P;

    /// <summary>The hidden state before a row's time step: that of the row B places earlier, zeros at t = 0.</summary>
    protected float* HBefore(int row) => _h.Pointer + (nint)row * P;

    /// <summary>Clears the states before the first time step.</summary>
    protected void ClearFirstState(int first, int end) => new Span<float>(_h.Pointer + (nint)first * P, (end - first) * P).Clear();

    /// <summary>z = b + x W_ih^T + h' W_hh^T for <paramref name="rows"/> rows of time step <paramref name="t"/>; h' is zero at first.</summary>
    protected void Sums(float* x, nint xRow, int t, int row, int rows)
    {
        Product* terms = stackalloc Product[2];
        terms[0] = Product.OfRows(x + row * xRow, xRow, _inputForward.Pointer, I);
        terms[1] = Product.OfRows(HBefore(row), P, _hiddenForward.Pointer, H);
        Kernels.Multiply(terms, t == 0 ? 1 : 2, rows, G * P, _bias.Pointer, 0, Z(row), G * P);
    }

    /// <summary>
    /// Adds the sum of squares of dz at each time step after <see cref="Backward"/> of all sequences: what the step contributes
    /// to the gradient of the weights.
    /// </summary>
    public void AddSquares(Span<double> squares, int T, int B)
    {
        for (int t = 0; t < T; t++) squares[t] += SumOfSquares.Of(new ReadOnlySpan<float>(Z(t * B), B * G * P));
    }

    /// <summary>
    /// dh at a time step: the derivative by the output plus dz W_hh of the step after, where there is one, [rows, P].
    /// <paramref name="dC"/> is what that step passes on by the cell, [rows, P]; null where there is no cell.
    /// </summary>
    protected float* HiddenGradient(int t, int T, int B, int first, int rows, bool lastStepOnly, float* dC)
    {
        int row = t * B + first;
        float* dOutput = OutputGradients + (nint)row * P;
        if (t == T - 1) return dOutput;
        float* dH = _dH.Pointer + (nint)first * P;
        bool limited = BackpropClipping.HasLimit;
        bool zero = lastStepOnly || limited;
        var product = Product.OfRows(Z(row + B), G * P, _hiddenBackward.Pointer, G * P);
        Kernels.Multiply(&product, 1, rows, H, zero ? _zeros.Pointer : dOutput, zero ? 0 : P, dH, P);
        if (limited) Limit(dH, dC, lastStepOnly ? null : dOutput, rows);
        return dH;
    }

    /// <summary>The first time step that the derivative reaches; clears dz and dx of those before.</summary>
    protected int FirstStep(float* dX, nint dXRow, int T, int B, int first, int rows)
    {
        int start = Math.Max(0, T - (BackpropClipping.TruncateSteps ?? T));
        for (int t = 0; t < start; t++)
        {
            int row = t * B + first;
            new Span<float>(Z(row), rows * G * P).Clear();
            if (dX != null) new Span<float>(dX + row * dXRow, rows * (int)dXRow).Clear();
        }

        return start;
    }

    /// <summary>Limits what a time step passes on, element by element or its norm for each sequence; then adds what the earlier step has of its own.</summary>
    private void Limit(float* dH, float* dC, float* dOutput, int rows)
    {
        int count = 0;
        for (int r = 0; r < rows; r++)
        {
            var hidden = new Span<float>(dH + (nint)r * P, P);
            Span<float> cell = dC == null ? [] : new Span<float>(dC + (nint)r * P, P);
            if (BackpropClipping.Value is { } value)
            {
                if (ClampInPlace.To(hidden, -value, value) + ClampInPlace.To(cell, -value, value) > 0) count++;
            }
            else if (BackpropClipping.Norm is { } limit)
            {
                double norm = Math.Sqrt(SumOfSquares.Of(hidden) + SumOfSquares.Of(cell));
                if (norm > limit)
                {
                    ScaleInPlace.By(hidden, limit / norm);
                    ScaleInPlace.By(cell, limit / norm);
                    count++;
                }
            }

            if (dOutput == null) continue;
            for (int i = 0; i < P; i++) hidden[i] += dOutput[(nint)r * P + i];
        }

        Interlocked.Add(ref _passed, rows);
        Interlocked.Add(ref _limited, count);
    }

    /// <summary>dx = dz W_ih for rows of one time step, where the layer below wants it.</summary>
    protected void InputGradient(float* dX, nint dXRow, int row, int rows)
    {
        if (dX == null) return;
        var product = Product.OfRows(Z(row), G * P, _inputBackward.Pointer, G * P);
        Kernels.Multiply(&product, 1, rows, I, _zeros.Pointer, 0, dX + row * dXRow, dXRow);
    }
}
