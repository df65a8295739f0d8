using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Sequences;

/// <summary>Reads labeled sequences of an <see cref="IDataView"/> into a store.</summary>
internal sealed class SequenceReader
{
    private readonly SequenceStore _store;
    private readonly LstmSequenceTrainerOptions _options;
    private readonly TaskTraining _task;

    /// <param name="store">Receives the sequences.</param>
    /// <param name="options">The trainer's options.</param>
    /// <param name="task">What labels are.</param>
    public SequenceReader(SequenceStore store, LstmSequenceTrainerOptions options, TaskTraining task) => (_store, _options, _task) = (store, options, task);

    /// <summary>Rows read so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows that were skipped, because their sequence has no time step or a value that is not a finite number.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The first of them, counted from 0 in its own view.</summary>
    public long FirstLeftOut { get; private set; } = -1;

    /// <summary>Reads the rows of a view, in their order.</summary>
    /// <exception cref="InvalidDataException">A label or weight is missing, or a sequence is not in whole steps; the message names column and row.</exception>
    public void Read(IDataView data)
    {
        DataViewSchema.Column features = data.Schema[_options.FeatureColumnName], label = data.Schema[_options.LabelColumnName];
        List<DataViewSchema.Column> needed = [features, label];
        if (_options.ExampleWeightColumnName is { } weightName) needed.Add(data.Schema[weightName]);
        using DataViewRowCursor cursor = data.GetRowCursor(needed);
        Func<float> readLabel = _task.OpenLabels(cursor, label);
        Func<float> readWeight = needed.Count > 2 ? OpenWeights(cursor, needed[2]) : () => 1f;
        Func<float, float, bool> add = _store.Input.HasKeys ? OpenKeys(cursor, features) : OpenValues(cursor, features);
        while (cursor.MoveNext())
        {
            if ((cursor.Position & 0xFFF) == 0) _options.CancellationToken.ThrowIfCancellationRequested();
            Rows++;
            if (add(readLabel(), readWeight())) continue;
            if (LeftOut++ == 0) FirstLeftOut = cursor.Position;
        }
    }

    private Func<float, float, bool> OpenValues(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<float>> read = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> buffer = default;
        float[] values = [];
        return (target, weight) =>
        {
            read(ref buffer);
            int steps = _store.Input.StepsOf(buffer.Length, column.Name, row.Position);
            if (values.Length < buffer.Length) values = new float[buffer.Length];
            Span<float> dense = values.AsSpan(0, buffer.Length);
            buffer.CopyTo(dense);
            if (steps == 0 || !SequenceNetwork.AreFinite(dense)) return false;
            _store.Add(dense, target, weight);
            return true;
        };
    }

    private Func<float, float, bool> OpenKeys(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<uint>> read = row.GetGetter<VBuffer<uint>>(column);
        VBuffer<uint> buffer = default;
        uint[] keys = [];
        int[] ids = [];
        return (target, weight) =>
        {
            read(ref buffer);
            int length = buffer.Length;
            if (_store.Input.StepsOf(length, column.Name, row.Position) == 0) return false;
            if (ids.Length < length) (keys, ids) = (new uint[length], new int[length]);
            buffer.CopyTo(keys);
            for (int n = 0; n < length; n++)
            {
                _store.Input.CheckKey(keys[n], column.Name, row.Position);
                ids[n] = (int)keys[n];
            }

            _store.Add(ids.AsSpan(0, length), target, weight);
            return true;
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
