using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip.Data;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Forecasting;

/// <summary>Checks the columns that a forecaster reads and creates those that it adds, with errors worded as in Microsoft.ML.</summary>
internal static class ForecastSchema
{
    /// <summary>The input's shape with the forecast columns added or replaced.</summary>
    public static SchemaShape Output(IExceptionContext context, SchemaShape inputSchema, ForecastColumns columns, IReadOnlyList<ForecastOutput> outputs)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var targets = new List<SchemaShape.Column>();
        foreach (string name in columns.Targets)
        {
            SchemaShape.Column column = Find("input", name);
            if (column.Kind != SchemaShape.Column.VectorKind.Scalar || !SeriesReader.IsNumber(column.ItemType) || column.IsKey)
                throw context.Process(new ArgumentOutOfRangeException(nameof(inputSchema), Mismatch("input", name, "Single or Double", SchemaAccess.TypeText(column))));
            targets.Add(column);
        }

        foreach (var (role, name) in Roles(columns))
        {
            SchemaShape.Column column = Find(role, name);
            bool isLegal = role switch
            {
                "group" => column.Kind == SchemaShape.Column.VectorKind.Scalar && (column.IsKey || GroupColumn.IsLegal(column.ItemType)),
                "time" => column.Kind == SchemaShape.Column.VectorKind.Scalar && IsTime(column.ItemType),
                _ => !column.IsKey && column.Kind != SchemaShape.Column.VectorKind.VariableVector
                    && (SeriesReader.IsNumber(column.ItemType) || (column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType is BooleanDataViewType)),
            };
            if (!isLegal) throw context.Process(new ArgumentOutOfRangeException(nameof(inputSchema), Mismatch(role, name, Legal(role), SchemaAccess.TypeText(column))));
        }

        HashSet<string> added = [.. outputs.Select(output => output.Column)];
        return new SchemaShape(inputSchema.Where(other => !added.Contains(other.Name))
            .Concat(outputs.Select(output => SchemaAccess.Vector(output.Column, targets[output.Target].ItemType))));

        SchemaShape.Column Find(string role, string name)
        {
            SchemaShape.Column column = inputSchema.FirstOrDefault(candidate => candidate.Name == name);
            return column.Name is not null ? column : throw context.Process(new ArgumentOutOfRangeException(
                nameof(inputSchema), ColumnErrors.NotFound(role, name, inputSchema.Select(candidate => candidate.Name))));
        }
    }

    /// <summary>The input's columns at their places, then the forecasts; a column of the same name is hidden.</summary>
    public static DataViewSchema Output(
        IExceptionContext context, DataViewSchema inputSchema, ForecastColumns columns, IReadOnlyList<ForecastOutput> outputs, WindowLayout layout)
    {
        Check(context, inputSchema, columns);
        CheckChannels(context, inputSchema, columns, layout.Past, layout.Future, layout.Static);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        foreach (ForecastOutput output in outputs)
            builder.AddColumn(output.Column, new VectorDataViewType((PrimitiveDataViewType)inputSchema[columns.Targets[output.Target]].Type, layout.Horizon));
        return builder.ToSchema();
    }

    /// <summary>Throws when the data lack a column, or it has a type that cannot be read.</summary>
    public static void Check(IExceptionContext context, DataViewSchema inputSchema, ForecastColumns columns)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (string name in columns.Targets)
        {
            DataViewType type = Find("input", name).Type;
            if (!SeriesReader.IsNumber(type))
                throw context.Process(new ArgumentOutOfRangeException(nameof(inputSchema), Mismatch("input", name, "Single or Double", type.ToString()!)));
        }

        foreach (var (role, name) in Roles(columns))
        {
            DataViewType type = Find(role, name).Type;
            bool isLegal = role switch
            {
                "group" => GroupColumn.IsLegal(type),
                "time" => IsTime(type),
                _ => NumberColumn.IsLegal(type),
            };
            if (!isLegal) throw context.Process(new ArgumentOutOfRangeException(nameof(inputSchema), Mismatch(role, name, Legal(role), type.ToString()!)));
        }

        DataViewSchema.Column Find(string role, string name) => inputSchema.GetColumnOrNull(name)
            ?? throw context.Process(new ArgumentOutOfRangeException(nameof(inputSchema), ColumnErrors.NotFound(role, name, inputSchema.Select(candidate => candidate.Name))));
    }

    /// <summary>Throws when validation data lack a column, or it has a type that cannot be read, or other sizes of vectors than the training data.</summary>
    public static void CheckValidation(IExceptionContext context, DataViewSchema validation, DataViewSchema training, ForecastColumns columns)
    {
        Check(context, validation, columns);
        CheckChannels(
            context, validation, columns, ForecastColumns.Channels(training, columns.Past), ForecastColumns.Channels(training, columns.Future), ForecastColumns.Channels(training, columns.Static));
    }

    private static void CheckChannels(IExceptionContext context, DataViewSchema schema, ForecastColumns columns, int past, int future, int statics)
    {
        CheckChannels(context, schema, "past covariate", columns.Past, past);
        CheckChannels(context, schema, "future covariate", columns.Future, future);
        CheckChannels(context, schema, "static covariate", columns.Static, statics);
    }

    private static void CheckChannels(IExceptionContext context, DataViewSchema schema, string role, IReadOnlyList<string> columns, int expected)
    {
        int channels = ForecastColumns.Channels(schema, columns);
        if (channels != expected)
        {
            throw context.Process(new ArgumentOutOfRangeException(
                nameof(schema), $"Schema mismatch for {role} columns {string.Join(", ", columns.Select(name => $"'{name}'"))}: expected {expected} values in a row as in training, got {channels}"));
        }
    }

    private static IEnumerable<(string Role, string Name)> Roles(ForecastColumns columns) =>
    [
        .. columns.Past.Select(name => ("past covariate", name)),
        .. columns.Future.Select(name => ("future covariate", name)),
        .. columns.Static.Select(name => ("static covariate", name)),
        .. columns.Time is { } time ? new[] { ("time", time) } : [],
        .. columns.Group is { } group ? new[] { ("group", group) } : [],
    ];

    private static bool IsTime(DataViewType type) => type is DateTimeDataViewType or DateTimeOffsetDataViewType;

    private static string Legal(string role) => role switch
    {
        "group" => GroupColumn.Legal,
        "time" => "DateTime or DateTimeOffset",
        _ => NumberColumn.Legal,
    };

    private static string Mismatch(string role, string name, string expected, string found)
    {
        string message = $"Schema mismatch for {role} column '{name}': expected {expected}, got {found}";
        string? hint = role switch
        {
            "time" => found == "String" ? $"load column '{name}' as DataKind.DateTime." : null,
            "group" => null,
            _ => found is "SByte" or "Byte" or "Int16" or "UInt16" or "Int32" or "UInt32" or "Int64" or "UInt64" or "Boolean"
                ? $"append Transforms.Conversion.ConvertType(\"{name}\", outputKind: DataKind.Double) before the forecaster."
                : found is "String" or "Text" && role != "input" ? $"append Transforms.Categorical.OneHotEncoding(\"{name}\") before the forecaster." : null,
        };
        return hint is null ? message : $"{message}{Environment.NewLine}Hint: {hint}";
    }
}
