using MlnetClip.Kernels;
using MlnetClip.Layers;
using MlnetClip.Models;

namespace MlnetClip.Inference;

/// <summary>The layers and the head of <see cref="BatchPredictor"/>, over sequences in order of length, the longest first.</summary>
internal sealed unsafe class BatchNetwork
{
    private readonly PackedModel _packed;
    private readonly BatchLayer[] _layers;
    private readonly Pooling _pooling;
    private readonly int _reverseFrom;
    private Pooler? _pooler;
    private AlignedBuffer _outputs = new(0);
    private int _pooledRows;

    public BatchNetwork(PackedModel weights)
    {
        (_packed, _pooling) = (weights, weights.Model.Head.Pooling);
        Inputs = new BatchInputs(weights);
        var queue = new Queue<object>(weights.LayerWeights);
        var layers = new List<BatchLayer>();
        foreach (LayerSpec layer in weights.Model.Layers)
        {
            switch (layer)
            {
                case RecurrentSpec recurrent:
                    var forward = new RecurrentBatch((RowCell)queue.Dequeue());
                    layers.Add(recurrent.Bidirectional ? new BidirectionalBatch(forward, new RecurrentBatch((RowCell)queue.Dequeue(), reverse: true)) : forward);
                    _reverseFrom = recurrent.HiddenSize;
                    break;
                case LayerNormalizationSpec norm:
                    layers.Add(new NormalizedBatch(weights.Kernels, (NormalizationWeights)queue.Dequeue(), norm.Epsilon));
                    break;
            }
        }

        _layers = [.. layers];
        foreach (BatchLayer layer in _layers) RowLength = Math.Max(RowLength, layer.RowLength);
    }

    /// <summary>The inputs, to gather before <see cref="Forward"/>.</summary>
    public BatchInputs Inputs { get; }

    /// <summary>Floats of the widest row of a layer.</summary>
    public int RowLength { get; }

    /// <summary>The head's outputs of the last call, [B, O], or [T, B, O] with a head on every step.</summary>
    public float* Outputs => _outputs.Pointer;

    /// <summary>Makes room for batches of that size.</summary>
    public void Reserve(int timeSteps, int rows)
    {
        Inputs.Reserve(timeSteps, rows);
        foreach (BatchLayer layer in _layers) layer.Reserve(timeSteps, rows);
        long outputs = (_pooling == Pooling.EveryStep ? timeSteps : 1L) * rows * _packed.Head.O;
        if (_outputs.Length < outputs) _outputs = new AlignedBuffer(outputs);
        if (_pooling == Pooling.EveryStep || rows <= _pooledRows) return;
        BatchLayer top = _layers[^1];
        _pooler = new Pooler(_pooling, top.Columns, top.RowLength, Math.Min(_reverseFrom, top.Columns), rows);
        _pooledRows = rows;
    }

    /// <summary>Runs the batch that was gathered.</summary>
    /// <param name="steps">Its sizes.</param>
    /// <param name="lengths">Time steps of each sequence, [B], in descending order.</param>
    public void Forward(in BatchSteps steps, int* lengths)
    {
        float* x = Inputs.Rows;
        int row = Inputs.RowLength;
        foreach (BatchLayer layer in _layers)
        {
            layer.Forward(x, row, steps);
            x = layer.Outputs;
            row = layer.RowLength;
        }

        if (_pooler is null)
        {
            for (int t = 0; t < steps.TimeSteps; t++)
            {
                nint first = (nint)t * steps.Rows;
                Head(x + first * row, row, steps.ReachOf(t), Outputs + first * _packed.Head.O);
            }

            return;
        }

        _pooler.Forward(new Pass(steps.TimeSteps, steps.Rows, lengths, null, default), x, 0, steps.Rows);
        Head(_pooler.Outputs, row, steps.Rows, Outputs);
    }

    private void Head(float* x, int row, int rows, float* y)
    {
        DenseWeights head = _packed.Head;
        var product = _packed.Kernels.RowsTimes(x, row, head.Forward, head.H);
        _packed.Kernels.Multiply(&product, 1, rows, head.O, head.Bias, 0, y, head.O);
    }
}
