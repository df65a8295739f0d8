using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Transforms;

/// <summary>Numbers the groups of rows, from 0 in the order of their first rows.</summary>
internal abstract class GroupReader
{
    /// <summary>The number of the current row's group.</summary>
    /// <exception cref="InvalidDataException">The group is missing; the message names column and row.</exception>
    public abstract int Read();

    /// <summary>A group as text, for errors.</summary>
    public abstract string Describe(int group);

    /// <summary>Opens the column of groups.</summary>
    public static GroupReader Open(DataViewRow row, DataViewSchema.Column column) =>
        (GroupReader)Activator.CreateInstance(typeof(Of<>).MakeGenericType(column.Type.RawType), row, column)!;

    private sealed class Of<T> : GroupReader
        where T : notnull
    {
        private readonly DataViewRow _row;
        private readonly DataViewSchema.Column _column;
        private readonly ValueGetter<T> _read;
        private readonly IEqualityComparer<T> _comparer = typeof(T) == typeof(ReadOnlyMemory<char>) ? (IEqualityComparer<T>)(object)new TextComparer() : EqualityComparer<T>.Default;
        private readonly Dictionary<T, int> _groups;
        private T _value = default!;
        private int _group = -1;
        private T _current = default!;

        public Of(DataViewRow row, DataViewSchema.Column column)
        {
            (_row, _column, _read) = (row, column, row.GetGetter<T>(column));
            _groups = new Dictionary<T, int>(_comparer);
        }

        public override int Read()
        {
            _read(ref _value);
            if (_group >= 0 && _comparer.Equals(_value, _current)) return _group;
            if (_value is float.NaN or double.NaN || (_column.Type is KeyDataViewType && EqualityComparer<T>.Default.Equals(_value, default!)))
            {
                throw new InvalidDataException(
                    $"Group column '{_column.Name}' must name the group of every row, but row {_row.Position} (from 0) has a missing value."
                    + $"{Environment.NewLine}Hint: remove such rows with mlContext.Data.FilterRowsByMissingValues(data, \"{_column.Name}\").");
            }

            _current = _value is ReadOnlyMemory<char> text ? (T)(object)text.ToString().AsMemory() : _value;
            if (!_groups.TryGetValue(_current, out _group)) _groups.Add(_current, _group = _groups.Count);
            return _group;
        }

        public override string Describe(int group)
        {
            T value = _groups.First(pair => pair.Value == group).Key;
            return value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : $"{value}";
        }
    }

    private sealed class TextComparer : IEqualityComparer<ReadOnlyMemory<char>>
    {
        public bool Equals(ReadOnlyMemory<char> first, ReadOnlyMemory<char> second) => first.Span.SequenceEqual(second.Span);

        public int GetHashCode(ReadOnlyMemory<char> text) => string.GetHashCode(text.Span);
    }
}
