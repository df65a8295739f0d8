using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Sequences;

namespace MlnetClip.Transforms;

/// <summary>See <see cref="RowBuffer"/>.</summary>
/// <typeparam name="T">The type of a value.</typeparam>
internal sealed class RowBuffer<T> : RowBuffer
{
    private readonly List<T> _values = [];
    private readonly Action _append;
    private readonly bool _isKey;

    public RowBuffer(DataViewRow row, DataViewSchema.Column column, int? vectorSize)
    {
        Width = vectorSize ?? 1;
        _isKey = KeyLabels.IsKey(column.Type);
        if (vectorSize is null)
        {
            ValueGetter<T> read = row.GetGetter<T>(column);
            T value = default!;
            _append = () =>
            {
                read(ref value);
                _values.Add(Copy(value));
            };
            return;
        }

        ValueGetter<VBuffer<T>> readVector = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> vector = default;
        _append = () =>
        {
            readVector(ref vector);
            foreach (T value in vector.DenseValues()) _values.Add(Copy(value));
        };
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override void Append() => _append();

    /// <inheritdoc/>
    public override void RemoveFirst(int rows) => _values.RemoveRange(0, rows * Width);

    /// <inheritdoc/>
    public override void Clear() => _values.Clear();

    /// <inheritdoc/>
    public override int Compare(int row, int other) => Comparer<T>.Default.Compare(_values[row], _values[other]);

    /// <inheritdoc/>
    public override bool IsMissing(int row) =>
        _isKey ? EqualityComparer<T>.Default.Equals(_values[row], default) : _values[row] is float.NaN or double.NaN;

    /// <inheritdoc/>
    public override Delegate Single(Func<int> row)
    {
        ValueGetter<T> getter = (ref T destination) => destination = _values[row()];
        return getter;
    }

    /// <inheritdoc/>
    public override Delegate Vector(IReadOnlyList<RowBuffer> columns, IReadOnlyList<int> rows)
    {
        RowBuffer<T>[] typed = [.. columns.Cast<RowBuffer<T>>()];
        int perRow = typed.Sum(column => column.Width);
        ValueGetter<VBuffer<T>> getter = (ref VBuffer<T> destination) =>
        {
            var editor = VBufferEditor.Create(ref destination, rows.Count * perRow);
            int at = 0;
            for (int n = 0; n < rows.Count; n++)
            {
                foreach (RowBuffer<T> column in typed)
                    for (int k = 0; k < column.Width; k++) editor.Values[at++] = column._values[(rows[n] * column.Width) + k];
            }

            destination = editor.Commit();
        };
        return getter;
    }

    /// <summary>A text must not keep the buffer of the reader that it is a part of.</summary>
    private static T Copy(T value) => value is ReadOnlyMemory<char> text ? (T)(object)text.ToString().AsMemory() : value;
}
