using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Tests.Contracts;

/// <summary>The values of columns of any type as texts, a line for each row: equal texts are equal bits.</summary>
internal static class RowTexts
{
    /// <summary>The columns of a view that are not hidden, read by one cursor.</summary>
    public static string[] Of(IDataView data, params IEnumerable<string> columns)
    {
        DataViewSchema.Column[] read = [.. (columns.Any() ? columns : Names(data.Schema)).Select(name => data.Schema[name])];
        using DataViewRowCursor cursor = data.GetRowCursor(read);
        return Of(cursor, read);
    }

    /// <summary>The names of the columns that are not hidden.</summary>
    public static string[] Names(DataViewSchema schema) => [.. schema.Where(column => !column.IsHidden).Select(column => column.Name)];

    /// <summary>Reads a cursor to its end.</summary>
    public static string[] Of(DataViewRowCursor cursor, IReadOnlyList<DataViewSchema.Column> columns) => Of(cursor, columns, cursor.MoveNext);

    /// <summary>Reads a row as long as a function moves it on.</summary>
    public static string[] Of(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns, Func<bool> moveNext)
    {
        Func<string>[] readers = [.. columns.Select(column => Open(row, column))];
        var lines = new List<string>();
        while (moveNext()) lines.Add(string.Join('|', readers.Select(read => read())));
        return [.. lines];
    }

    private static Func<string> Open(DataViewRow row, DataViewSchema.Column column)
    {
        bool isVector = column.Type is VectorDataViewType;
        Type item = column.Type is VectorDataViewType vector ? vector.ItemType.RawType : column.Type.RawType;
        MethodInfo open = typeof(RowTexts).GetMethod(isVector ? nameof(OpenVector) : nameof(OpenValue), BindingFlags.NonPublic | BindingFlags.Static)!;
        return (Func<string>)open.MakeGenericMethod(item).Invoke(null, [row, column])!;
    }

    private static Func<string> OpenValue<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> read = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            read(ref value);
            return Text(value);
        };
    }

    private static Func<string> OpenVector<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> read = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return () =>
        {
            read(ref value);
            return string.Join(' ', value.DenseValues().Select(Text));
        };
    }

    private static string Text<T>(T value) => value switch
    {
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => $"{value}",
    };
}
