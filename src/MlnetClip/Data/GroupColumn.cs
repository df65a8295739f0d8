using System.Globalization;
using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Sequences;

namespace MlnetClip.Data;

/// <summary>Reads the column that says to which series a row belongs.</summary>
internal static class GroupColumn
{
    /// <summary>What the column may hold, for errors.</summary>
    public const string Legal = "Text, a key, a whole number or Boolean";

    /// <summary>Whether the column may have the type.</summary>
    public static bool IsLegal(DataViewType type) => type is TextDataViewType or BooleanDataViewType or KeyDataViewType
        || (type is NumberDataViewType && !SeriesReader.IsNumber(type));

    /// <summary>
    /// A reader of the number that the current row's series has among some names; an unknown name gets the next number. A key is named by its value, so that a series has one name whether its
    /// column holds values or keys; a key without a value by its number. A missing key has an empty name.
    /// </summary>
    public static Func<int> Of(DataViewRow row, DataViewSchema.Column column, GroupNames names)
    {
        bool isKey = column.Type is KeyDataViewType;
        IReadOnlyList<string>? keys = isKey ? LabelKeys.OfAny(column)?.Texts : null;
        return column.Type.RawType switch
        {
            var type when type == typeof(ReadOnlyMemory<char>) => OfText(row.GetGetter<ReadOnlyMemory<char>>(column), names),
            var type when type == typeof(bool) => OfFlag(row.GetGetter<bool>(column), names),
            var type when type == typeof(byte) => OfNumber(row.GetGetter<byte>(column), isKey, keys, names),
            var type when type == typeof(ushort) => OfNumber(row.GetGetter<ushort>(column), isKey, keys, names),
            var type when type == typeof(uint) => OfNumber(row.GetGetter<uint>(column), isKey, keys, names),
            var type when type == typeof(ulong) => OfNumber(row.GetGetter<ulong>(column), isKey, keys, names),
            var type when type == typeof(sbyte) => OfNumber(row.GetGetter<sbyte>(column), isKey, keys, names),
            var type when type == typeof(short) => OfNumber(row.GetGetter<short>(column), isKey, keys, names),
            var type when type == typeof(int) => OfNumber(row.GetGetter<int>(column), isKey, keys, names),
            _ => OfNumber(row.GetGetter<long>(column), isKey, keys, names),
        };
    }

    private static Func<int> OfText(ValueGetter<ReadOnlyMemory<char>> getter, GroupNames names)
    {
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            getter(ref text);
            return names.NumberOf(text.Span);
        };
    }

    private static Func<int> OfFlag(ValueGetter<bool> getter, GroupNames names)
    {
        bool flag = false;
        return () =>
        {
            getter(ref flag);
            return names.NumberOf(flag ? "true" : "false");
        };
    }

    private static Func<int> OfNumber<T>(ValueGetter<T> getter, bool isKey, IReadOnlyList<string>? keys, GroupNames names)
        where T : struct, IBinaryInteger<T>
    {
        T value = default;
        return () =>
        {
            getter(ref value);
            if (isKey && T.IsZero(value)) return names.NumberOf("");
            if (keys is not null)
            {
                ulong key = ulong.CreateTruncating(value);
                return names.NumberOf(key <= (ulong)keys.Count ? keys[(int)key - 1] : "");
            }

            Span<char> text = stackalloc char[20]; // as long as the longest number
            value.TryFormat(text, out int length, default, CultureInfo.InvariantCulture);
            return names.NumberOf(text[..length]);
        };
    }
}
