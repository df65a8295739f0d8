using MlnetClip.Models;

namespace MlnetClip.Inference;

/// <summary>
/// The forward pass of several sequences at once, on the caller's thread: at each time step, the weights are read once for a few sequences, which takes much less time than
/// one sequence after the other. The results are bit-identical with those of <see cref="SequencePredictor"/>, whatever else is in the batch.
/// </summary>
/// <remarks>
/// Up to 64 sequences run together; larger batches are divided. Sequences of different lengths are sorted by length first, and nothing is computed after the end of a sequence.
/// Allocates nothing, except where a batch has more or longer sequences than all before it. Not thread-safe: create one for each thread over the same <see cref="PackedModel"/>.
/// </remarks>
public sealed unsafe class BatchPredictor
{
    private const int MostRows = 64; // more would not be faster
    private const long MostFloats = 1 << 23; // of a layer's outputs: 32 MiB

    private readonly ModelSpec _model;
    private readonly BatchNetwork _network;
    private readonly SequencePredictor _single;
    private int[] _lengths = [], _order = [], _starts = [], _reach = [];

    /// <summary>Creates a predictor.</summary>
    /// <param name="weights">The packed weights, which other predictors may share.</param>
    public BatchPredictor(PackedModel weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        _model = weights.Model;
        _network = new BatchNetwork(weights);
        _single = new SequencePredictor(weights);
    }

    private bool EveryStep => _model.Head.Pooling == Pooling.EveryStep;

    /// <summary>Runs sequences of equal lengths.</summary>
    /// <param name="inputs">[B, T, F], T at least 1.</param>
    /// <param name="count">B, 0 or more.</param>
    /// <param name="outputs">Receives [B, O], or [B, T, O] with a head on every step.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the model has embeddings.</exception>
    public void Predict(ReadOnlySpan<float> inputs, int count, Span<float> outputs) => Predict(inputs, [], count, outputs);

    /// <summary>Runs sequences of equal lengths of a model with embeddings.</summary>
    /// <param name="inputs">[B, T, F], T at least 1; empty where F is 0.</param>
    /// <param name="ids">[B, T, C]; empty without embeddings.</param>
    /// <param name="count">B, 0 or more.</param>
    /// <param name="outputs">Receives [B, O], or [B, T, O] with a head on every step.</param>
    /// <exception cref="ArgumentException">A length does not fit, or an id is outside its embedding.</exception>
    public void Predict(ReadOnlySpan<float> inputs, ReadOnlySpan<int> ids, int count, Span<float> outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int F = _model.Features, steps = F > 0 ? inputs.Length / F : ids.Length / _model.Embeddings.Count, T = count == 0 ? 0 : steps / count;
        if (count > 0 && (T < 1 || steps != T * count))
            throw new ArgumentException($"The inputs of {count} sequences must have equal numbers of time steps, 1 or more, but there are {steps} steps in all.", nameof(inputs));
        Reserve(count);
        _lengths.AsSpan(0, count).Fill(T);
        Check(inputs, ids, (long)T * count, count, outputs.Length);
        Run(inputs, ids, count, outputs);
    }

    /// <summary>Runs sequences of any lengths, which stand one after the other.</summary>
    /// <param name="inputs">[steps of all sequences, F]; empty where F is 0.</param>
    /// <param name="ids">[steps of all sequences, C]; empty without embeddings.</param>
    /// <param name="lengths">The time steps of each sequence, [B], each at least 1.</param>
    /// <param name="outputs">Receives [B, O], or [steps of all sequences, O] with a head on every step.</param>
    /// <exception cref="ArgumentException">A length does not fit, or an id is outside its embedding.</exception>
    public void Predict(ReadOnlySpan<float> inputs, ReadOnlySpan<int> ids, ReadOnlySpan<int> lengths, Span<float> outputs)
    {
        long steps = 0;
        foreach (int length in lengths)
        {
            if (length < 1) throw new ArgumentException($"Every sequence must have 1 time step or more, but one has {length}.", nameof(lengths));
            steps += length;
        }

        Reserve(lengths.Length);
        lengths.CopyTo(_lengths);
        Check(inputs, ids, steps, lengths.Length, outputs.Length);
        Run(inputs, ids, lengths.Length, outputs);
    }

    private void Reserve(int count)
    {
        if (count <= _lengths.Length) return;
        (_lengths, _order, _starts) = (new int[count], new int[count], new int[count]);
    }

    private void Check(ReadOnlySpan<float> inputs, ReadOnlySpan<int> ids, long steps, int count, int outputs)
    {
        int F = _model.Features, C = _model.Embeddings.Count;
        if (inputs.Length != steps * F) throw new ArgumentException($"Inputs must be [{steps}, {F}], but there are {inputs.Length} values.", nameof(inputs));
        if (ids.Length != steps * C) throw new ArgumentException($"Ids must be [{steps}, {C}], but there are {ids.Length} values.", nameof(ids));
        long expected = (EveryStep ? steps : count) * _model.Head.Outputs;
        if (outputs != expected) throw new ArgumentException($"The output span must have {expected} values, but has {outputs}.", nameof(outputs));
        PredictorInputs.CheckIds(_model, ids);
    }

    private void Run(ReadOnlySpan<float> inputs, ReadOnlySpan<int> ids, int count, Span<float> outputs)
    {
        bool isSorted = true;
        for (int b = 0, start = 0; b < count; start += _lengths[b++])
        {
            (_order[b], _starts[b]) = (b, start);
            isSorted &= b == 0 || _lengths[b] <= _lengths[b - 1];
        }

        if (!isSorted)
        {
            Array.Sort(_lengths, _order, 0, count);
            Array.Reverse(_lengths, 0, count);
            Array.Reverse(_order, 0, count);
        }

        for (int first = 0, rows; first < count; first += rows)
        {
            int most = (int)Math.Clamp(MostFloats / ((long)_lengths[first] * _network.RowLength), 1, MostRows), groups = (count - first + most - 1) / most;
            rows = (count - first + groups - 1) / groups;
            if (rows == 1) One(inputs, ids, first, outputs);
            else Several(inputs, ids, first, rows, outputs);
        }
    }

    private void One(ReadOnlySpan<float> inputs, ReadOnlySpan<int> ids, int index, Span<float> outputs)
    {
        int F = _model.Features, C = _model.Embeddings.Count, O = _model.Head.Outputs, T = _lengths[index], start = _starts[_order[index]];
        Span<float> output = EveryStep ? outputs.Slice(start * O, T * O) : outputs.Slice(_order[index] * O, O);
        _single.Predict(inputs.Slice(start * F, T * F), ids.Slice(start * C, T * C), output);
    }

    private void Several(ReadOnlySpan<float> inputs, ReadOnlySpan<int> ids, int first, int rows, Span<float> outputs)
    {
        int F = _model.Features, C = _model.Embeddings.Count, O = _model.Head.Outputs, T = _lengths[first];
        _network.Reserve(T, rows);
        if (_reach.Length < T) _reach = new int[T];
        for (int b = rows - 1, t = 0; b >= 0; b--)
            for (; t < _lengths[first + b]; t++) _reach[t] = b + 1;
        fixed (float* x = inputs, y = outputs)
        fixed (int* id = ids, reach = _reach, lengths = &_lengths[first])
        {
            for (int b = 0; b < rows; b++)
            {
                nint start = _starts[_order[first + b]];
                _network.Inputs.Gather(x + start * F, id + start * C, lengths[b], b, rows);
            }

            _network.Forward(new BatchSteps(T, rows, reach), lengths);
            for (int b = 0; b < rows; b++)
            {
                int sequence = _order[first + b], steps = EveryStep ? lengths[b] : 1;
                float* target = y + (nint)(EveryStep ? _starts[sequence] : sequence) * O;
                for (int t = 0; t < steps; t++, target += O)
                    new ReadOnlySpan<float>(_network.Outputs + ((nint)t * rows + b) * O, O).CopyTo(new Span<float>(target, O));
            }
        }
    }
}
