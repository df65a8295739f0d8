using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads one column as a sequence.</summary>
public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName) => GetColumn<T>(data, data.Schema[columnName]);

    /// <summary>Text may be read as string, a vector as an array of its items.</summary>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckNonEmpty(column.Name, nameof(column));
        DataViewSchema.Column own = data.Schema[column.Index];
        Contracts.CheckParam(own.Name == column.Name && own.Type == column.Type, nameof(column),
            $"column with name {column.Name}, type {column.Type}, and index {column.Index} cannot be found in {nameof(data)}");

        var vector = column.Type as VectorDataViewType;
        if (column.Type.RawType == typeof(T))
            return Read<T, T>(data, own, value => value);
        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
            return (IEnumerable<T>)Read<ReadOnlyMemory<char>, string>(data, own, text => text.ToString());
        Contracts.CheckParam(!typeof(T).IsArray || vector is not null, nameof(column),
            $"Cannot load vector type, {column.Type}, specified in {nameof(column)} to the user-defined type, {typeof(T)}.");
        if (typeof(T).IsArray && typeof(T).GetElementType() == vector.ItemType.RawType)
            return (IEnumerable<T>)Cursors.Generic(typeof(ColumnCursorExtensions), nameof(ReadArrays), vector.ItemType.RawType, data, own);
        if (typeof(T) == typeof(string[]) && vector.ItemType is TextDataViewType)
            return (IEnumerable<T>)Read<VBuffer<ReadOnlyMemory<char>>, string[]>(data, own, texts => [.. texts.DenseValues().Select(t => t.ToString())]);
        throw Contracts.ExceptParam(nameof(column),
            $"Cannot map column (name: {column.Name}, type: {column.Type}) in {nameof(data)} to the user-defined type, {typeof(T)}.");
    }

    private static IEnumerable<T[]> ReadArrays<T>(IDataView data, DataViewSchema.Column column) => Read<VBuffer<T>, T[]>(data, column, vector =>
    {
        var items = new T[vector.Length];
        vector.CopyTo(items);
        return items;
    });

    private static IEnumerable<TTo> Read<TFrom, TTo>(IDataView data, DataViewSchema.Column column, Func<TFrom, TTo> convert)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        ValueGetter<TFrom> getter = cursor.GetGetter<TFrom>(column);
        TFrom value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
            yield return convert(value);
        }
    }
}
