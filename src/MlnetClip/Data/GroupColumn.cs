using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Data;

/// <summary>Reads the column that says to which series a row belongs.</summary>
internal static class GroupColumn
{
    /// <summary>What the column may hold, for errors.</summary>
    public const string Legal = "Text, a key, a whole number or Boolean";

    /// <summary>Whether the column may have the type.</summary>
    public static bool IsLegal(DataViewType type) => type is TextDataViewType or BooleanDataViewType or KeyDataViewType
        || (type is NumberDataViewType && !SeriesReader.IsNumber(type));

    /// <summary>A reader of the number that the current row's series has among some names; an unknown name gets the next number.</summary>
    public static Func<int> Of(DataViewRow row, DataViewSchema.Column column, GroupNames names) => column.Type switch
    {
        TextDataViewType => OfText(row.GetGetter<ReadOnlyMemory<char>>(column), names),
        BooleanDataViewType => OfValue(row.GetGetter<bool>(column), names),
        KeyDataViewType key when column.HasKeyValues() => OfKey(row, column, key, names),
        _ => column.Type.RawType switch
        {
            var type when type == typeof(byte) => OfValue(row.GetGetter<byte>(column), names),
            var type when type == typeof(ushort) => OfValue(row.GetGetter<ushort>(column), names),
            var type when type == typeof(uint) => OfValue(row.GetGetter<uint>(column), names),
            var type when type == typeof(ulong) => OfValue(row.GetGetter<ulong>(column), names),
            var type when type == typeof(sbyte) => OfValue(row.GetGetter<sbyte>(column), names),
            var type when type == typeof(short) => OfValue(row.GetGetter<short>(column), names),
            var type when type == typeof(int) => OfValue(row.GetGetter<int>(column), names),
            _ => OfValue(row.GetGetter<long>(column), names),
        },
    };

    private static Func<int> OfText(ValueGetter<ReadOnlyMemory<char>> getter, GroupNames names)
    {
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            getter(ref text);
            return names.NumberOf(text.Span);
        };
    }

    private static Func<int> OfValue<T>(ValueGetter<T> getter, GroupNames names)
        where T : struct
    {
        T value = default;
        return () =>
        {
            getter(ref value);
            Span<char> text = stackalloc char[32];
            if (value is bool flag) return names.NumberOf(flag ? "true" : "false");
            return ((ISpanFormattable)value).TryFormat(text, out int length, default, CultureInfo.InvariantCulture) ? names.NumberOf(text[..length]) : names.NumberOf($"{value}");
        };
    }

    private static Func<int> OfKey(DataViewRow row, DataViewSchema.Column column, KeyDataViewType key, GroupNames names)
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        column.GetKeyValues(ref values);
        string[] texts = [.. values.DenseValues().Select(value => value.ToString())];
        ValueGetter<uint> getter = key.RawType == typeof(uint)
            ? row.GetGetter<uint>(column)
            : throw new ArgumentOutOfRangeException(nameof(column), $"Schema mismatch for group column '{column.Name}': expected Key<UInt32>, got {key}");
        uint number = 0;
        return () =>
        {
            getter(ref number);
            return names.NumberOf(number == 0 || number > texts.Length ? "" : texts[number - 1]);
        };
    }
}
