using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Cli.Models;

/// <summary>A series as the data view that estimators and transformers read.</summary>
internal static class SeriesView
{
    /// <summary>A view of one column of type Double.</summary>
    /// <param name="mlContext">The context.</param>
    /// <param name="columnName">The column's name.</param>
    /// <param name="values">The values; not copied.</param>
    public static IDataView Of(MLContext mlContext, string columnName, ArraySegment<double> values) =>
        Of(mlContext, columnName, values.Select(value => new Row<double> { Value = value }));

    /// <summary>A view of one column of type Single, for pipelines that were fitted on one.</summary>
    /// <inheritdoc cref="Of(MLContext, string, ArraySegment{double})"/>
    public static IDataView OfSingle(MLContext mlContext, string columnName, ArraySegment<double> values) =>
        Of(mlContext, columnName, values.Select(value => new Row<float> { Value = (float)value }));

    private static IDataView Of<T>(MLContext mlContext, string columnName, IEnumerable<Row<T>> rows)
    {
        var schema = SchemaDefinition.Create(typeof(Row<T>));
        schema[nameof(Row<>.Value)].ColumnName = columnName;
        return mlContext.Data.LoadFromEnumerable(rows, schema);
    }

    private sealed class Row<T>
    {
        public T Value { get; set; } = default!;
    }
}
