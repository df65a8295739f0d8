using MlnetClip.Kernels;
using MlnetClip.Parameters;

namespace MlnetClip.Layers;

/// <summary>A recurrent layer's forward pass over one sequence in stretches of time steps, carrying its state from one to the next.</summary>
internal sealed unsafe class InferenceLayer
{
    /// <summary>The most time steps of a stretch.</summary>
    public const int MaxSteps = 64;

    private readonly KernelSet _kernels;
    private readonly CellType _cell;
    private readonly int _inputs, _units, _gates;
    private readonly AlignedBuffer _inputWeights, _hiddenWeights, _bias, _z, _h, _c;
    private int _lastSteps;

    public InferenceLayer(KernelSet kernels, CellType cell, IReadOnlyList<Parameter> parameters, float* values)
    {
        (_kernels, _cell, _gates) = (kernels, cell, SequenceModelLayout.GatesOf(cell));
        (_inputs, _units) = (parameters[0].Columns, parameters[1].Columns);
        P = Panel.PadUnits(_units);
        int outputs = _gates * P;
        _inputWeights = new AlignedBuffer(Panel.Length(_inputs, outputs));
        int hiddenPanel = cell == CellType.Lstm ? outputs / (P / Panel.UnitBlock) : Panel.Width; // a block's gates side by side, for the row kernel
        _hiddenWeights = new AlignedBuffer(Panel.Length(_units, outputs));
        _bias = new AlignedBuffer(Panel.Length(1, outputs));
        _z = new AlignedBuffer((long)MaxSteps * outputs);
        _h = new AlignedBuffer((long)(MaxSteps + 1) * P);
        _c = new AlignedBuffer(P);
        PackWeights.Forward(values + parameters[0].Offset, _gates, _units, _inputs, _inputWeights.Pointer);
        PackWeights.Forward(values + parameters[1].Offset, _gates, _units, _units, _hiddenWeights.Pointer, hiddenPanel);
        PackWeights.Bias(values + parameters[2].Offset, values + parameters[3].Offset, _gates, _units, _bias.Pointer);
    }

    /// <summary>Units padded to a multiple of 16: the row length of <see cref="Outputs"/>.</summary>
    public int P { get; }

    /// <summary>The hidden states of the last stretch, [steps, P].</summary>
    public float* Outputs => _h.Pointer + P;

    /// <summary>Forgets the sequence so far.</summary>
    public void Reset()
    {
        _h.Span[..P].Clear();
        _c.Span.Clear();
        _lastSteps = 0;
    }

    /// <summary>The next stretch of 1 to <see cref="MaxSteps"/> time steps.</summary>
    public void Forward(float* x, nint xRow, int steps)
    {
        int outputs = _gates * P;
        float* h = _h.Pointer;
        if (_lastSteps > 0) new ReadOnlySpan<float>(h + (nint)_lastSteps * P, P).CopyTo(new Span<float>(h, P));
        _lastSteps = steps;
        var input = Product.OfRows(x, xRow, _inputWeights.Pointer, _inputs);
        _kernels.Multiply(&input, 1, steps, outputs, _bias.Pointer, 0, _z.Pointer, outputs);
        for (int t = 0; t < steps; t++, h += P)
        {
            float* z = _z.Pointer + (nint)t * outputs;
            if (_cell == CellType.Lstm)
            {
                // Up and down in turn: the weights read last are still in the nearest cache when the next step begins.
                _kernels.LstmRow(z, h, _hiddenWeights.Pointer, _units, _c.Pointer, h + P, P / Panel.UnitBlock, descending: t % 2 == 0);
            }
            else
            {
                var hidden = Product.OfRows(h, P, _hiddenWeights.Pointer, _units);
                _kernels.Multiply(&hidden, 1, 1, outputs, z, 0, z, outputs);
                _kernels.TanhForward(z, h + P, P);
            }
        }
    }
}
