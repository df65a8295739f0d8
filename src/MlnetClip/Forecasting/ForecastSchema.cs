using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip.Data;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Forecasting;

/// <summary>Checks the input column and the output column, which has the same number type, with errors worded as in Microsoft.ML.</summary>
internal static class ForecastSchema
{
    /// <summary>The input's shape with the forecast's column added or replaced.</summary>
    public static SchemaShape Output(IExceptionContext context, SchemaShape inputSchema, string inputColumnName, string outputColumnName)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var column = inputSchema.FirstOrDefault(candidate => candidate.Name == inputColumnName);
        if (column.Name is null)
            throw context.Process(new ArgumentOutOfRangeException(nameof(inputSchema), NotFound(inputColumnName, inputSchema.Select(candidate => candidate.Name))));
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || !SeriesReader.IsNumber(column.ItemType) || column.IsKey)
            throw context.Process(new ArgumentOutOfRangeException(nameof(inputSchema), Mismatch(inputColumnName, SchemaAccess.TypeText(column))));
        return new SchemaShape(inputSchema.Where(other => other.Name != outputColumnName).Append(SchemaAccess.Vector(outputColumnName, column.ItemType)));
    }

    /// <summary>The input's columns at their places, then the forecast; a column of the same name is hidden by it.</summary>
    public static DataViewSchema Output(
        IExceptionContext context, DataViewSchema inputSchema, string inputColumnName, string outputColumnName, int horizon)
    {
        Check(context, inputSchema, inputColumnName);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumn(outputColumnName, new VectorDataViewType((PrimitiveDataViewType)inputSchema[inputColumnName].Type, horizon));
        return builder.ToSchema();
    }

    /// <summary>Throws when the data lack the input column, or its type is neither Single nor Double.</summary>
    public static void Check(IExceptionContext context, DataViewSchema inputSchema, string inputColumnName)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var column = inputSchema.GetColumnOrNull(inputColumnName)
            ?? throw context.Process(new ArgumentOutOfRangeException(nameof(inputSchema), NotFound(inputColumnName, inputSchema.Select(candidate => candidate.Name))));
        if (!SeriesReader.IsNumber(column.Type))
            throw context.Process(new ArgumentOutOfRangeException(nameof(inputSchema), Mismatch(inputColumnName, column.Type.ToString()!)));
    }

    private static string NotFound(string name, IEnumerable<string> columns) => ColumnErrors.NotFound("input", name, columns);

    private static string Mismatch(string name, string found)
    {
        string message = $"Schema mismatch for input column '{name}': expected Single or Double, got {found}";
        return found is "SByte" or "Byte" or "Int16" or "UInt16" or "Int32" or "UInt32" or "Int64" or "UInt64" or "Boolean"
            ? $"{message}{Environment.NewLine}Hint: append Transforms.Conversion.ConvertType(\"{name}\", outputKind: DataKind.Double) before the forecaster."
            : message;
    }
}
