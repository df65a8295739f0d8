using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Contract.Tests.Support;

/// <summary>Ways to look at a data view that use its cursors directly.</summary>
internal static class Rows
{
    /// <summary>Every value of a column, read by one cursor that has this column active alone.</summary>
    public static List<T> Column<T>(IDataView data, string name, Random? rand = null)
    {
        DataViewSchema.Column column = data.Schema[name];
        using DataViewRowCursor cursor = data.GetRowCursor([column], rand);
        ValueGetter<T> getter = cursor.GetGetter<T>(column);
        var values = new List<T>();
        T value = default!;
        while (cursor.MoveNext())
        {
            getter(ref value);
            values.Add(value);
        }

        return values;
    }

    public static string[] Names(DataViewSchema schema) => [.. schema.Select(c => c.Name)];

    public static float[] Dense(this VBuffer<float> vector) => [.. vector.DenseValues()];

    public static string[] SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.Annotations.GetValue("SlotNames", ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }
}
