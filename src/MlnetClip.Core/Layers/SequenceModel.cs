using MlnetClip.Kernels;
using MlnetClip.Parameters;
using MlnetClip.Training;

namespace MlnetClip.Layers;

/// <summary>
/// The stack: recurrent layers, dropout between them, and the head on the last time step. Work falls into pieces that threads
/// may do in any order within a phase; the phases are packing, forward, backward, weight gradients.
/// </summary>
internal sealed unsafe class SequenceModel
{
    private readonly KernelSet _kernels;
    private readonly RecurrentLayer[] _layers;
    private readonly DenseHead _head;
    private readonly float _dropout;
    private readonly AlignedBuffer[] _dropped; // per layer but the last: its outputs after dropout, [T, B, P]

    public SequenceModel(SequenceModelSpec spec, ParameterSet parameters, KernelSet kernels, int maxTimeSteps, int maxBatchSize)
    {
        _kernels = kernels;
        _dropout = spec.Dropout;
        _layers = new RecurrentLayer[spec.Layers];
        for (int k = 0; k < spec.Layers; k++)
        {
            var own = parameters.Items.Where(p => p.Layer == k).ToArray();
            _layers[k] = spec.Cell == CellType.Lstm
                ? new LstmLayer(_kernels, own, maxTimeSteps, maxBatchSize)
                : new TanhLayer(_kernels, own, maxTimeSteps, maxBatchSize);
        }

        _head = new DenseHead(_kernels, parameters.Items.Where(p => p.Layer == spec.Layers).ToArray(), maxBatchSize);
        _dropped = new AlignedBuffer[spec.Dropout > 0f ? spec.Layers - 1 : 0];
        for (int k = 0; k < _dropped.Length; k++)
            _dropped[k] = new AlignedBuffer((long)maxTimeSteps * maxBatchSize * _layers[k].P + Panel.Width); // a last panel is read over its full width
    }

    /// <summary>Pieces of <see cref="Pack"/>: four of each layer and one of the head.</summary>
    public int PackPieces => 4 * _layers.Length + 1;

    /// <summary>Pieces of <see cref="WeightGradients"/>.</summary>
    public int GradientPieces
    {
        get
        {
            int pieces = _head.GradientPieces;
            foreach (var layer in _layers) pieces += layer.GradientPieces;
            return pieces;
        }
    }

    /// <summary>What is done inside the backward pass; null for nothing.</summary>
    public BackpropagationLimits BackpropClipping
    {
        get => _layers[0].BackpropClipping;
        set
        {
            foreach (var layer in _layers) layer.BackpropClipping = value;
        }
    }

    /// <summary>Share of what time steps passed on, since it was last asked for, that <see cref="BackpropClipping"/> limited.</summary>
    public double ShareLimitedInside()
    {
        long passed = 0, limited = 0;
        foreach (var layer in _layers)
        {
            passed += layer.Passed;
            limited += layer.Limited;
            layer.ForgetPasses();
        }

        return passed == 0 ? 0 : (double)limited / passed;
    }

    /// <summary>The 2-norm of what each time step of all layers contributed to the last gradient.</summary>
    public void TimeStepNorms(Span<double> norms, int T, int B)
    {
        norms.Clear();
        foreach (var layer in _layers) layer.AddSquares(norms, T, B);
        foreach (ref double norm in norms) norm = Math.Sqrt(norm);
    }

    /// <summary>Brings the weights into the form that the products read.</summary>
    public void Pack(int piece, float* values)
    {
        if (piece == PackPieces - 1) _head.Pack(values);
        else _layers[piece / 4].Pack(piece % 4, values);
    }

    /// <summary>Outputs of sequences [first, end).</summary>
    /// <param name="x">Inputs of the batch, [T, B, F].</param>
    /// <param name="y">Receives the outputs of the batch, [B, O].</param>
    /// <param name="T">Time steps.</param>
    /// <param name="B">Sequences in the batch.</param>
    /// <param name="first">First sequence.</param>
    /// <param name="end">Sequence after the last.</param>
    /// <param name="dropoutSeed">Decides the masks; null for no dropout.</param>
    public void Forward(float* x, float* y, int T, int B, int first, int end, ulong? dropoutSeed)
    {
        for (int k = 0; k < _layers.Length; k++)
        {
            if (k > 0) x = InputOf(k, B, dropoutSeed is not null);
            if (k > 0 && dropoutSeed is { } seed && _dropped.Length > 0)
                Drop(k - 1, _layers[k - 1].Outputs(B), x, T, B, first, end, seed);
            _layers[k].Forward(x, InputRow(k), T, B, first, end);
        }

        var top = _layers[^1];
        _head.Forward(top.Outputs(B) + (nint)(T - 1) * B * top.P, top.P, y, first, end);
    }

    /// <summary>From the derivatives by the outputs to those by every sum of sequences [first, end), after <see cref="Forward"/>.</summary>
    /// <param name="x">Inputs of the batch, [T, B, F].</param>
    /// <param name="dY">Derivatives by the outputs of the batch, [B, O].</param>
    /// <param name="T">Time steps.</param>
    /// <param name="B">Sequences in the batch.</param>
    /// <param name="first">First sequence.</param>
    /// <param name="end">Sequence after the last.</param>
    /// <param name="dropoutSeed">As in <see cref="Forward"/>.</param>
    public void Backward(float* x, float* dY, int T, int B, int first, int end, ulong dropoutSeed)
    {
        var top = _layers[^1];
        nint lastStep = (nint)(T - 1) * B * top.P;
        _head.Backward(dY, top.Outputs(B) + lastStep, top.OutputGradients + lastStep, top.P, B, first, end);
        for (int k = _layers.Length - 1; k >= 0; k--)
        {
            float* dX = k > 0 ? _layers[k - 1].OutputGradients : null;
            _layers[k].Backward(dX, k > 0 ? _layers[k - 1].P : 0, lastStepOnly: k == _layers.Length - 1, T, B, first, end);
            _layers[k].PackInputs(k > 0 ? InputOf(k, B, dropped: true) : x, InputRow(k), T, B, first, end);
            if (k > 0 && _dropped.Length > 0) Drop(k - 1, dX, dX, T, B, first, end, dropoutSeed);
        }
    }

    /// <summary>One piece of the gradients of all weights and biases, after all sequences' <see cref="Backward"/>.</summary>
    public void WeightGradients(int piece, float* gradients, float* x, int T, int B, float* scratch)
    {
        for (int k = 0; k < _layers.Length; k++)
        {
            if (piece < _layers[k].GradientPieces)
            {
                _layers[k].WeightGradients(piece, gradients, k > 0 ? InputOf(k, B, dropped: true) : x, InputRow(k), T, B, scratch);
                return;
            }

            piece -= _layers[k].GradientPieces;
        }

        _head.WeightGradients(piece, gradients, B, scratch);
    }

    private int InputRow(int k) => k > 0 ? _layers[k - 1].P : _layers[0].I;

    private float* InputOf(int k, int B, bool dropped) =>
        dropped && _dropped.Length > 0 ? _dropped[k - 1].Pointer : _layers[k - 1].Outputs(B);

    private void Drop(int k, float* source, float* target, int T, int B, int first, int end, ulong seed)
    {
        for (int t = 0; t < T; t++)
            Dropout.Apply(source, target, t * B + first, t * B + end, _layers[k].P, _dropout, seed, k);
    }
}
