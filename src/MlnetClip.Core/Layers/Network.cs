using MlnetClip.Kernels;
using MlnetClip.Models;
using MlnetClip.Parameters;

namespace MlnetClip.Layers;

/// <summary>
/// A model in training: inputs, layers, pooling and head. The phases are packing and forward, packing and backward, and weight gradients; within a phase,
/// the work is divided into pieces that threads may run in any order.
/// </summary>
internal sealed unsafe class Network
{
    private readonly InputLayer? _input;
    private readonly Layer[] _layers;
    private readonly Pooler? _pooler;
    private readonly DenseHead _head;
    private readonly GradientSchedule _schedule;
    private readonly BatchParts _parts;
    private readonly int _features;
    private readonly bool _everyStep, _lastOfForward;

    /// <param name="spec">The model.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="kernels">The instruction path.</param>
    /// <param name="maxTimeSteps">The largest T.</param>
    /// <param name="maxBatchSize">The largest B.</param>
    /// <param name="parts">The number of parts of a batch.</param>
    public Network(ModelSpec spec, ParameterSet parameters, KernelSet kernels, int maxTimeSteps, int maxBatchSize, BatchParts parts)
    {
        _features = spec.Features;
        var queue = new Queue<Parameter>(parameters.Items);
        IReadOnlyList<Parameter> Take(int count) => [.. Enumerable.Range(0, count).Select(_ => queue.Dequeue())];
        _parts = parts;
        int maxParts = parts.Count(maxTimeSteps, maxBatchSize);
        if (spec.GathersInputs || maxParts > 1)
            _input = new InputLayer(spec.Features, Take(spec.Embeddings.Count), maxTimeSteps, maxBatchSize, padded: spec.GathersInputs, training: spec.GathersInputs);
        var layers = new List<Layer>();
        int recurrent = 0, dropouts = 0, reverseFrom = -1;
        foreach (LayerSpec layer in spec.Layers)
        {
            bool isFirst = layers.Count == 0;
            var place = new LayerPlace(
                maxTimeSteps, maxBatchSize, maxParts, Index: 0, ReadsCallersMemory: isFirst && _input is null, NeedsInputGradient: !isFirst || _input is { GradientPieces: > 0 });
            switch (layer)
            {
                case RecurrentSpec { Bidirectional: false } one:
                    layers.Add(new RecurrentLayer(kernels, one, Take(4), place with { Index = recurrent++ }));
                    reverseFrom = -1;
                    break;
                case RecurrentSpec both:
                    layers.Add(new BidirectionalLayer(kernels, both, Take(8), place with { Index = recurrent++ }));
                    reverseFrom = both.HiddenSize;
                    break;
                case LayerNormalizationSpec norm:
                    layers.Add(new LayerNormalizationLayer(kernels, norm, Take(2), place));
                    break;
                case DropoutSpec dropout:
                    if (dropout.Probability > 0f)
                    {
                        layers.Add(isFirst
                            ? new DropoutLayer(_input!.Columns, _input.RowLength, _input.OutputGradients, dropout.Probability, place with { Index = dropouts })
                            : new DropoutLayer(layers[^1].Columns, layers[^1].RowLength, layers[^1].OutputGradients, dropout.Probability, place with { Index = dropouts }));
                    }

                    dropouts++;
                    break;
            }
        }

        _layers = [.. layers];
        Layer top = _layers[^1];
        _everyStep = spec.Head.Pooling == Pooling.EveryStep;
        _lastOfForward = spec.Head.Pooling == Pooling.Last && top is RecurrentLayer;
        if (!_everyStep)
            _pooler = new Pooler(spec.Head.Pooling, top.Columns, top.RowLength, reverseFrom < 0 ? top.Columns : reverseFrom, maxBatchSize);
        _head = new DenseHead(kernels, Take(2), _everyStep ? (long)maxTimeSteps * maxBatchSize : maxBatchSize);
        _schedule = new GradientSchedule(_layers, _head.GradientPieces + (_input?.GradientPieces ?? 0));
    }

    /// <summary>The number of pieces of <see cref="PackForward"/> and of <see cref="PackBackward"/>.</summary>
    public int PackPieces
    {
        get
        {
            int pieces = 1;
            foreach (Layer layer in _layers) pieces += layer.PackPieces;
            return pieces;
        }
    }

    /// <summary>The number of parts of a batch, see <see cref="Pass"/>.</summary>
    public int PartsOf(int timeSteps, int batchSize) => _parts.Count(timeSteps, batchSize);

    /// <summary>Share of the gradients propagated between time steps in the last backward pass that were limited.</summary>
    public double TakeShareLimited()
    {
        long passed = 0, limited = 0;
        foreach (Layer layer in _layers)
        {
            var (p, l) = layer.TakeLimitCounts();
            passed += p;
            limited += l;
        }

        return passed == 0 ? 0 : (double)limited / passed;
    }

    /// <summary>The 2-norm of what each time step of all recurrent layers contributed to the last gradient.</summary>
    public void TimeStepNorms(in Pass pass, Span<double> norms)
    {
        norms.Clear();
        foreach (Layer layer in _layers) layer.AddSquares(pass, norms);
        foreach (ref double norm in norms) norm = Math.Sqrt(norm);
    }

    /// <summary>Packs the weights for the products of the forward pass.</summary>
    public void PackForward(int piece, float* values)
    {
        if (LayerOf(ref piece) is { } layer) layer.PackForward(piece, values);
        else _head.Pack(values);
    }

    /// <summary>Packs the weights for the products of the backward pass, after the forward pass.</summary>
    public void PackBackward(int piece, float* values) => LayerOf(ref piece)?.PackBackward(piece, values);

    /// <summary>The layer that a piece of packing belongs to, and its number there; null for the head.</summary>
    private Layer? LayerOf(ref int piece)
    {
        foreach (Layer layer in _layers)
        {
            if (piece < layer.PackPieces) return layer;
            piece -= layer.PackPieces;
        }

        return null;
    }

    /// <summary>Outputs of sequences [first, end).</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="features">[T, B, F].</param>
    /// <param name="ids">[T, B, C]; null without embeddings.</param>
    /// <param name="values">The flat buffer of all parameters.</param>
    /// <param name="y">Receives the outputs of the batch, [S, B, O].</param>
    /// <param name="first">First sequence.</param>
    /// <param name="end">Sequence after the last.</param>
    public void Forward(in Pass pass, float* features, int* ids, float* values, float* y, int first, int end)
    {
        for (int next; first < end; first = next)
        {
            next = Math.Min(end, pass.FirstOf(pass.PartOf(first) + 1));
            Forward(pass, features, ids, values, y, pass.Rows(first, next));
        }
    }

    private void Forward(in Pass pass, float* features, int* ids, float* values, float* y, in SequenceRows rows)
    {
        _input?.Forward(pass, features, ids, values, rows);
        float* x = Bottom(features);
        int row = BottomRow;
        foreach (Layer layer in _layers)
        {
            layer.Forward(pass, x, row, rows);
            x = layer.Outputs(pass, x);
            row = layer.RowLength;
        }

        bool direct = IsLastStepDirect(pass);
        if (!_everyStep && !direct) _pooler!.Forward(pass, x, rows.First, rows.End);
        _head.Forward(HeadInput(x, direct), row, HeadRows(pass, rows, direct), direct ? pass.TimeSteps - 1 : 0, y, HeadSteps(pass), pass.BatchSize);
    }

    /// <summary>From the derivatives with respect to the outputs to those of every sum, of sequences [first, end), after <see cref="Forward(in Pass, float*, int*, float*, float*, int, int)"/>.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="features">[T, B, F].</param>
    /// <param name="dY">Derivatives with respect to the outputs, [S, B, O].</param>
    /// <param name="first">First sequence.</param>
    /// <param name="end">Sequence after the last.</param>
    public void Backward(in Pass pass, float* features, float* dY, int first, int end)
    {
        // From the last part on, whose states are the latest in the cache.
        for (int next; first < end; end = next)
        {
            next = Math.Max(first, pass.FirstOf(pass.PartOf(end - 1)));
            Backward(pass, features, dY, pass.Rows(next, end));
        }
    }

    private void Backward(in Pass pass, float* features, float* dY, in SequenceRows rows)
    {
        Layer top = _layers[^1];
        bool direct = IsLastStepDirect(pass);
        float* dH = _everyStep || direct ? top.OutputGradients : _pooler!.OutputGradients;
        _head.Backward(
            dY, HeadInput(InputOf(pass, _layers.Length, features), direct), dH, top.RowLength, HeadRows(pass, rows, direct), direct ? pass.TimeSteps - 1 : 0,
            HeadSteps(pass), pass.BatchSize);
        if (!_everyStep && !direct) _pooler!.Backward(pass, top.OutputGradients, rows.First, rows.End);
        for (int k = _layers.Length - 1; k >= 0; k--)
        {
            float* dX = k > 0 ? _layers[k - 1].OutputGradients : _input is { GradientPieces: > 0 } ? _input.OutputGradients : null;
            _layers[k].Backward(
                pass, InputOf(pass, k, features), InputRow(k), dX, InputRow(k), lastStepOnly: direct && k == _layers.Length - 1, rows);
        }
    }

    /// <summary>Prepares <see cref="WeightGradients"/> and returns its number of pieces.</summary>
    public int BeginWeightGradients(in Pass pass)
    {
        foreach (Layer layer in _layers) layer.BeginWeightGradients();
        return _schedule.Of(pass.Parts).Length;
    }

    /// <summary>One piece of the gradients of all weights and biases, after all sequences' <see cref="Backward(in Pass, float*, float*, int, int)"/>.</summary>
    public void WeightGradients(in Pass pass, int piece, float* gradients, float* features, int* ids, float* scratch)
    {
        GradientPiece work = _schedule.Of(pass.Parts)[piece];
        if (work.Layer < _layers.Length)
            _layers[work.Layer].WeightGradients(pass, work.Part, work.Piece, gradients, InputOf(pass, work.Layer, features), InputRow(work.Layer), scratch);
        else if (work.Piece < _head.GradientPieces) _head.WeightGradients(work.Piece, gradients, HeadSteps(pass) * pass.BatchSize, scratch);
        else _input!.Gradients(pass, work.Piece - _head.GradientPieces, ids, gradients);
    }

    /// <summary>True when the head reads the last time step in place, without a copy.</summary>
    private bool IsLastStepDirect(in Pass pass) => _lastOfForward && pass.Lengths == null;

    private int HeadSteps(in Pass pass) => _everyStep ? pass.TimeSteps : 1;

    private float* HeadInput(float* top, bool direct) => _everyStep || direct ? top : _pooler!.Outputs;

    /// <summary>The rows of the head's inputs: those of the top layer, or one for each sequence.</summary>
    private SequenceRows HeadRows(in Pass pass, in SequenceRows rows, bool direct) =>
        _everyStep || direct ? rows : new(rows.First, rows.End, timeSteps: 1, partFirst: 0, pass.BatchSize);

    private float* Bottom(float* features) => _input is null ? features : _input.Outputs;

    private int BottomRow => _input?.RowLength ?? _features;

    private int InputRow(int k) => k > 0 ? _layers[k - 1].RowLength : BottomRow;

    /// <summary>The inputs of layer k; for k equal to the number of layers, the inputs of the head.</summary>
    private float* InputOf(in Pass pass, int k, float* features)
    {
        float* x = Bottom(features);
        for (int n = 0; n < k; n++) x = _layers[n].Outputs(pass, x);
        return x;
    }
}
