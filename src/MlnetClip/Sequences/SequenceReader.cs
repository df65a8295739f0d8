using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Sequences;

/// <summary>Reads the sequences of views, one view after the other. Rows whose sequence has no time step, or a value that is NaN or infinite, are skipped.</summary>
internal sealed class SequenceReader : ISequenceRows
{
    private readonly SequenceInput _input;
    private readonly LstmSequenceTrainerOptions _options;
    private readonly TaskTraining _task;
    private readonly IReadOnlyList<IDataView> _views;
    private readonly RowTargets _labels = new();
    private DataViewRowCursor? _cursor;
    private Func<int> _readSequence = () => 0;
    private Action<int> _readLabels = _ => { };
    private Func<float>? _readWeight;
    private float[] _values = [];
    private uint[] _keys = [];
    private int[] _ids = [];
    private int _length, _next;

    /// <param name="input">What the sequences are made of.</param>
    /// <param name="options">The trainer's options.</param>
    /// <param name="task">What labels are.</param>
    /// <param name="views">The views, at least one.</param>
    public SequenceReader(SequenceInput input, LstmSequenceTrainerOptions options, TaskTraining task, IReadOnlyList<IDataView> views)
    {
        (_input, _options, _task, _views) = (input, options, task, views);
        Open();
    }

    /// <summary>The view of the current row, from 0.</summary>
    public int View => _next - 1;

    /// <summary>Rows read so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows that were skipped.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The first of them, counted from 0 in its own view.</summary>
    public long FirstLeftOut { get; private set; } = -1;

    /// <summary>Real features, [T, F], which the caller may change.</summary>
    public Span<float> Values => _input.HasKeys ? [] : _values.AsSpan(0, _length);

    /// <inheritdoc/>
    public ReadOnlySpan<int> Ids => _input.HasKeys ? _ids.AsSpan(0, _length) : [];

    /// <summary>The targets, which the caller may change.</summary>
    public Span<float> Targets => _labels.Targets;

    /// <summary>The weights of the targets, which the caller may change.</summary>
    public Span<float> Weights => _labels.Weights;

    ReadOnlySpan<float> ISequenceRows.Values => Values;

    ReadOnlySpan<float> ISequenceRows.Targets => Targets;

    ReadOnlySpan<float> ISequenceRows.Weights => Weights;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">A label or weight is missing, or a sequence is not in whole steps; the message names column and row.</exception>
    public bool MoveNext()
    {
        while (true)
        {
            if (!_cursor!.MoveNext())
            {
                if (_next == _views.Count) return false;
                Open();
                continue;
            }

            if ((_cursor.Position & 0xFFF) == 0) _options.CancellationToken.ThrowIfCancellationRequested();
            Rows = checked(Rows + 1);
            int steps = _readSequence();
            _readLabels(_input.StepsOf(_length, _options.FeatureColumnName, _cursor.Position));
            if (_readWeight is not null)
            {
                float weight = _readWeight();
                foreach (ref float each in _labels.Weights) each *= weight;
            }

            if (steps > 0) return true;
            if (LeftOut++ == 0) FirstLeftOut = _cursor.Position;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _cursor?.Dispose();

    private void Open()
    {
        _cursor?.Dispose();
        IDataView data = _views[_next++];
        DataViewSchema.Column features = data.Schema[_options.FeatureColumnName], label = data.Schema[_options.LabelColumnName];
        List<DataViewSchema.Column> needed = [features, label];
        if (_options.ExampleWeightColumnName is { } weightName) needed.Add(data.Schema[weightName]);
        _cursor = data.GetRowCursor(needed);
        _readLabels = _task.OpenLabels(_cursor, label, _labels);
        _readWeight = needed.Count > 2 ? OpenWeights(_cursor, needed[2]) : null;
        _readSequence = _input.HasKeys ? OpenKeys(_cursor, features) : OpenValues(_cursor, features);
    }

    /// <summary>Reads a sequence of real features; returns the number of its steps, 0 if the row is skipped.</summary>
    private Func<int> OpenValues(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<float>> read = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> buffer = default;
        return () =>
        {
            read(ref buffer);
            _length = buffer.Length;
            int steps = _input.StepsOf(_length, column.Name, row.Position);
            if (_values.Length < _length) _values = new float[_length];
            buffer.CopyTo(Values);
            return SequenceNetwork.AreFinite(Values) ? steps : 0;
        };
    }

    private Func<int> OpenKeys(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<uint>> read = row.GetGetter<VBuffer<uint>>(column);
        VBuffer<uint> buffer = default;
        return () =>
        {
            read(ref buffer);
            _length = buffer.Length;
            if (_ids.Length < _length) (_keys, _ids) = (new uint[_length], new int[_length]);
            buffer.CopyTo(_keys);
            for (int n = 0; n < _length; n++)
            {
                _input.CheckKey(_keys[n], column.Name, row.Position);
                _ids[n] = (int)_keys[n];
            }

            return _input.StepsOf(_length, column.Name, row.Position);
        };
    }

    private static Func<float> OpenWeights(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<float> read = row.GetGetter<float>(column);
        float value = 0;
        return () =>
        {
            read(ref value);
            return value >= 0 && float.IsFinite(value)
                ? value
                : throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture, $"Weight column '{column.Name}' must hold finite numbers, 0 or more, but row {row.Position} (from 0) has {value:R}."));
        };
    }
}
