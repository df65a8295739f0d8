using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Cli.Models;

/// <summary>A series as the data view that estimators and transformers read.</summary>
internal static class SeriesView
{
    /// <summary>A view of one column of type Single.</summary>
    /// <param name="mlContext">The context.</param>
    /// <param name="columnName">The column's name.</param>
    /// <param name="values">The values; not copied.</param>
    public static IDataView Of(MLContext mlContext, string columnName, ArraySegment<float> values)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Value)].ColumnName = columnName;
        return mlContext.Data.LoadFromEnumerable(values.Select(value => new Row { Value = value }), schema);
    }

    private sealed class Row
    {
        public float Value { get; set; }
    }
}
