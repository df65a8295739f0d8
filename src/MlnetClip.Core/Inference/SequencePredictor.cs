using MlnetClip.Kernels;
using MlnetClip.Layers;
using MlnetClip.Models;
using MlnetClip.Training;

namespace MlnetClip.Inference;

/// <summary>
/// The forward pass of one sequence at a time, on the caller's thread, or of one time step after the other: inputs [T, F] of any T to
/// outputs [O], or [T, O] with a head on every step. It adds in the same order as <see cref="ManagedBackend"/>, so the results are bit-identical.
/// </summary>
/// <remarks>Not thread-safe: create one for each thread over the same <see cref="PackedModel"/>.</remarks>
public sealed unsafe class SequencePredictor
{
    private readonly PackedModel _packed;
    private readonly ModelSpec _model;
    private readonly SequenceLayer[] _layers;
    private readonly Pooler? _pooler;
    private readonly bool _bidirectional;
    private InputLayer? _input;
    private int _reserved;

    /// <summary>Creates a predictor with weights of its own.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">All values in the order of <see cref="ModelLayout.Create"/>; copied.</param>
    /// <exception cref="ArgumentException">The number of values differs from the model's, or a size is outside its range.</exception>
    public SequencePredictor(ModelSpec model, ReadOnlyMemory<float> weights)
        : this(new PackedModel(model, weights))
    {
    }

    /// <summary>Creates a predictor with weights that other predictors may share.</summary>
    public SequencePredictor(PackedModel weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        (_packed, _model) = (weights, weights.Model);
        var queue = new Queue<object>(weights.LayerWeights);
        var layers = new List<SequenceLayer>();
        int reverseFrom = -1;
        foreach (LayerSpec layer in _model.Layers)
        {
            switch (layer)
            {
                case RecurrentSpec { Bidirectional: false }:
                    layers.Add(new RecurrentSequence((RowCell)queue.Dequeue()));
                    reverseFrom = -1;
                    break;
                case RecurrentSpec both:
                    layers.Add(new BidirectionalSequence(
                        new RecurrentSequence((RowCell)queue.Dequeue()),
                        new RecurrentSequence((RowCell)queue.Dequeue(), reverse: true)));
                    reverseFrom = both.HiddenSize;
                    _bidirectional = true;
                    break;
                case LayerNormalizationSpec norm:
                    layers.Add(new NormalizedSequence(weights.Kernels, (NormalizationWeights)queue.Dequeue(), norm.Epsilon));
                    break;
            }
        }

        _layers = [.. layers];
        SequenceLayer top = _layers[^1];
        if (_model.Head.Pooling != Pooling.EveryStep)
            _pooler = new Pooler(_model.Head.Pooling, top.Columns, top.RowLength, reverseFrom < 0 ? top.Columns : reverseFrom, maxBatchSize: 1);
        Reserve(1);
        Reset();
    }

    /// <summary>True when <see cref="Step"/> is supported: the output depends on the last time step only, and no layer is bidirectional.</summary>
    public bool CanStep => !_bidirectional && _model.Head.Pooling is Pooling.Last or Pooling.EveryStep;

    /// <summary>Runs one sequence. Allocates nothing, except where a sequence is longer than all before it.</summary>
    /// <param name="inputs">[T, F], T at least 1.</param>
    /// <param name="outputs">Receives [O], or [T, O] with a head on every step.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the model has embeddings.</exception>
    public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs) => Predict(inputs, [], outputs);

    /// <summary>Runs one sequence of a model with embeddings.</summary>
    /// <param name="inputs">[T, F], T at least 1; empty where F is 0.</param>
    /// <param name="ids">[T, C]; empty without embeddings.</param>
    /// <param name="outputs">Receives [O], or [T, O] with a head on every step.</param>
    /// <exception cref="ArgumentException">A length does not fit, or an id is outside its embedding.</exception>
    public void Predict(ReadOnlySpan<float> inputs, ReadOnlySpan<int> ids, Span<float> outputs)
    {
        int T = Steps(inputs, ids);
        int expected = (_model.Head.Pooling == Pooling.EveryStep ? T : 1) * _model.Head.Outputs;
        if (outputs.Length != expected) throw new ArgumentException($"The output span must have {expected} values, but has {outputs.Length}.", nameof(outputs));
        Reset();
        Run(inputs, ids, outputs, T);
    }

    /// <summary>Begins a sequence for <see cref="Step"/>.</summary>
    public void Reset()
    {
        foreach (SequenceLayer layer in _layers) layer.Reset();
    }

    /// <summary>Runs the next time step of a sequence.</summary>
    /// <param name="inputs">[F].</param>
    /// <param name="ids">[C]; empty without embeddings.</param>
    /// <param name="outputs">Receives [O]: what <see cref="Predict(ReadOnlySpan{float}, Span{float})"/> gives for the steps since <see cref="Reset"/>.</param>
    /// <exception cref="NotSupportedException">The model cannot run step by step; see <see cref="CanStep"/>.</exception>
    public void Step(ReadOnlySpan<float> inputs, ReadOnlySpan<int> ids, Span<float> outputs)
    {
        if (!CanStep) throw new NotSupportedException("A model with a bidirectional layer, or with mean or max pooling, cannot run step by step.");
        if (Steps(inputs, ids) != 1) throw new ArgumentException("Step expects the inputs of one time step.", nameof(inputs));
        ArgumentOutOfRangeException.ThrowIfNotEqual(outputs.Length, _model.Head.Outputs, nameof(outputs));
        Run(inputs, ids, outputs, 1);
    }

    private int Steps(ReadOnlySpan<float> inputs, ReadOnlySpan<int> ids)
    {
        int F = _model.Features, C = _model.Embeddings.Count;
        int T = F > 0 ? inputs.Length / F : ids.Length / C;
        if (T < 1 || inputs.Length != T * F)
            throw new ArgumentException($"Inputs must be [T, {F}] with T at least 1, but there are {inputs.Length} values.", nameof(inputs));
        if (ids.Length != T * C) throw new ArgumentException($"Ids must be [{T}, {C}], but there are {ids.Length} values.", nameof(ids));
        PredictorInputs.CheckIds(_model, ids);
        return T;
    }

    private void Reserve(int steps)
    {
        if (steps <= _reserved) return;
        _reserved = steps;
        foreach (SequenceLayer layer in _layers) layer.Reserve(steps);
        if (_model.GathersInputs) _input = new InputLayer(_model.Features, _packed.Tables, steps, 1, padded: true, training: false);
    }

    private void Run(ReadOnlySpan<float> inputs, ReadOnlySpan<int> ids, Span<float> outputs, int T)
    {
        Reserve(T);
        var pass = new Pass(T, 1, null, null, default);
        fixed (float* features = inputs, y = outputs)
        fixed (int* id = ids)
        {
            float* x = features;
            int row = _model.Features;
            if (_input is not null)
            {
                _input.Forward(pass, features, id, _packed.TableValues, pass.Rows(0, 1));
                x = _input.Outputs;
                row = _input.RowLength;
            }

            foreach (SequenceLayer layer in _layers)
            {
                layer.Forward(x, row, T);
                x = layer.Outputs;
                row = layer.RowLength;
            }

            if (_pooler is not null)
            {
                _pooler.Forward(pass, x, 0, 1);
                x = _pooler.Outputs;
            }

            DenseWeights head = _packed.Head;
            var product = _packed.Kernels.RowsTimes(x, row, head.Forward, head.H);
            _packed.Kernels.Multiply(&product, 1, _pooler is null ? T : 1, head.O, head.Bias, 0, y, head.O);
        }
    }
}
