using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using MlnetClip.Inference;

namespace MlnetClip.Sequences;

/// <summary>The network of a model over several sequences at once, with what <see cref="SequenceNetwork"/> gives for each. Not safe for calls from several threads at a time.</summary>
/// <param name="model">The trained model.</param>
internal sealed class SequenceBlock(LstmModelParameters model)
{
    private readonly BatchPredictor _predictor = new(model.Network.Packed);
    private readonly List<(int Start, int Count)> _rows = []; // in the outputs; a start below 0 is that of a row that cannot be predicted
    private readonly List<int> _lengths = [];
    private float[] _values = [], _outputs = [], _missing = [];
    private uint[] _keys = [];
    private int[] _ids = [];
    private int _steps, _count;

    private int PerStep => model.Input.PerStep;

    /// <summary>The head's outputs for a row, [O], or [T, O] where every step is predicted; all NaN where it could not be predicted.</summary>
    public ReadOnlySpan<float> OutputsOf(int row)
    {
        var (start, count) = _rows[row];
        return start < 0 ? _missing.AsSpan(0, count) : _outputs.AsSpan(start, count);
    }

    /// <summary>Begins another block.</summary>
    public void Clear()
    {
        _rows.Clear();
        _lengths.Clear();
        (_steps, _count) = (0, 0);
    }

    /// <summary>Adds a sequence of real features.</summary>
    /// <exception cref="InvalidDataException">Its values do not make whole steps; it was not added.</exception>
    public void Add(in VBuffer<float> sequence, string column, long row)
    {
        int steps = model.Input.StepsOf(sequence.Length, column, row);
        Span<float> values = Next(ref _values, sequence.Length);
        sequence.CopyTo(values);
        bool isWhole = steps > 0 && SequenceNetwork.AreFinite(values);
        if (isWhole) model.Scaler.Apply(values);
        Add(steps, isWhole);
    }

    /// <summary>Adds a sequence of keys.</summary>
    /// <exception cref="InvalidDataException">The keys do not make whole steps, or one is not the column's; it was not added.</exception>
    public void Add(in VBuffer<uint> sequence, string column, long row)
    {
        int steps = model.Input.StepsOf(sequence.Length, column, row);
        if (_keys.Length < sequence.Length) _keys = new uint[sequence.Length];
        Span<uint> keys = _keys.AsSpan(0, sequence.Length);
        Span<int> ids = Next(ref _ids, sequence.Length);
        sequence.CopyTo(keys);
        for (int n = 0; n < keys.Length; n++)
        {
            model.Input.CheckKey(keys[n], column, row);
            ids[n] = (int)keys[n];
        }

        Add(steps, steps > 0);
    }

    /// <summary>Predicts the sequences that were added.</summary>
    public void Predict()
    {
        if (_outputs.Length < _count) _outputs = new float[_count];
        bool hasKeys = model.Input.HasKeys;
        ReadOnlySpan<float> values = hasKeys ? [] : _values.AsSpan(0, _steps * PerStep);
        ReadOnlySpan<int> ids = hasKeys ? _ids.AsSpan(0, _steps * PerStep) : [];
        _predictor.Predict(values, ids, CollectionsMarshal.AsSpan(_lengths), _outputs.AsSpan(0, _count));
    }

    private void Add(int steps, bool isWhole)
    {
        int count = (model.Task.EveryStep ? steps : 1) * model.Task.Outputs;
        _rows.Add((isWhole ? _count : -1, count));
        if (!isWhole)
        {
            if (_missing.Length < count) Array.Fill(_missing = new float[count], float.NaN);
            return;
        }

        _lengths.Add(steps);
        _steps += steps;
        _count += count;
    }

    /// <summary>Room after the sequences so far.</summary>
    private Span<T> Next<T>(ref T[] buffer, int length)
    {
        int start = _steps * PerStep;
        if (buffer.Length < start + length) Array.Resize(ref buffer, Math.Max(start + length, 2 * buffer.Length));
        return buffer.AsSpan(start, length);
    }
}
