using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip.Data;
using MlnetClip.MLNetInternals;
using MlnetClip.Sequences;
using MlnetClip.Settings;

namespace MlnetClip.Transforms;

/// <summary>The columns that rows become sequences by, checked in Microsoft.ML's words.</summary>
internal static class BlockSchema
{
    private const string Features = "Single, Vector<Single>, Key<UInt32> or Vector<Key<UInt32>>, the same for all features";

    /// <summary>Adds the errors of the names of columns.</summary>
    public static void CheckNames(OptionErrors errors, string output, IReadOnlyList<string>? features, params ReadOnlySpan<(string Option, string? Name, bool IsOutput)> others)
    {
        if (string.IsNullOrWhiteSpace(output)) errors.Add("OutputColumnName", "must be the name of a column", output is null ? "null" : $"'{output}'");
        if (features is null || features.Count == 0 || features.Any(string.IsNullOrWhiteSpace))
            errors.Add("FeatureColumnNames", "must be the names of one or more columns", features is null ? "null" : $"'{string.Join("', '", features)}'");
        foreach (var (option, name, isOutput) in others)
        {
            if (name is null) continue;
            if (string.IsNullOrWhiteSpace(name)) errors.Add(option, "must be the name of a column", $"'{name}'");
            else if (isOutput && name == output) errors.Add("OutputColumnName", $"must not be that of {option}", $"'{output}'");
        }
    }

    /// <summary>Adds the errors of the names of columns that are kept, each of which must be an output of its own.</summary>
    public static void CheckKept(OptionErrors errors, IReadOnlyList<string>? kept, params ReadOnlySpan<(string Option, string? Name)> others)
    {
        if (kept is null || kept.Any(string.IsNullOrWhiteSpace))
        {
            errors.Add("KeptColumnNames", "must be the names of columns", kept is null ? "null" : $"'{string.Join("', '", kept)}'");
            return;
        }

        foreach (string name in kept.GroupBy(name => name).Where(same => same.Count() > 1).Select(same => same.Key)) errors.Add("KeptColumnNames", "must name each column once", $"'{name}' more than once");
        foreach (var (option, name) in others)
            if (name is not null && kept.Contains(name)) errors.Add("KeptColumnNames", $"must not have that of {option}", $"'{name}'");
    }

    /// <summary>A column that must be there.</summary>
    public static SchemaShape.Column Find(IExceptionContext context, SchemaShape shape, string role, string name)
    {
        ArgumentNullException.ThrowIfNull(shape);
        SchemaShape.Column column = shape.FirstOrDefault(candidate => candidate.Name == name);
        return column.Name is not null
            ? column
            : throw context.Process(new ArgumentOutOfRangeException(nameof(shape), ColumnErrors.NotFound(role, name, shape.Select(other => other.Name))));
    }

    /// <summary>A column with one value a row.</summary>
    public static SchemaShape.Column Scalar(IExceptionContext context, SchemaShape shape, string role, string name)
    {
        SchemaShape.Column column = Find(context, shape, role, name);
        return column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType is PrimitiveDataViewType ? column : throw Mismatch(context, role, column, "one value in each row", null);
    }

    /// <summary>A column whose values have an order.</summary>
    public static SchemaShape.Column Order(IExceptionContext context, SchemaShape shape, string name)
    {
        SchemaShape.Column column = Scalar(context, shape, "order", name);
        return column.ItemType is not TextDataViewType ? column
            : throw Mismatch(context, "order", column, "numbers or times", $"append Transforms.Conversion.ConvertType(\"{name}\", outputKind: DataKind.DateTime) before it.");
    }

    /// <summary>The first of the columns of features, which are all of one type.</summary>
    public static SchemaShape.Column FirstFeature(IExceptionContext context, SchemaShape shape, IReadOnlyList<string> names)
    {
        SchemaShape.Column first = default;
        foreach (string name in names)
        {
            SchemaShape.Column column = Find(context, shape, "feature", name);
            DataViewType item = column.ItemType;
            bool isRight = column.Kind != SchemaShape.Column.VectorKind.VariableVector && (column.IsKey ? item.Equals(NumberDataViewType.UInt32) : item.Equals(NumberDataViewType.Single));
            if (!isRight || (first.Name is not null && first.IsKey != column.IsKey))
            {
                string? hint = item is NumberDataViewType && !column.IsKey ? $"append Transforms.Conversion.ConvertType(\"{name}\", outputKind: DataKind.Single) before it." : null;
                throw Mismatch(context, "feature", column, Features, hint);
            }

            if (first.Name is null) first = column;
        }

        return first;
    }

    /// <summary>The item type of a schema's columns of features.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are keys of different numbers.</exception>
    public static PrimitiveDataViewType FeatureType(IExceptionContext context, DataViewSchema schema, IReadOnlyList<string> names)
    {
        PrimitiveDataViewType? type = null;
        foreach (string name in names)
        {
            var item = (PrimitiveDataViewType)((schema[name].Type as VectorDataViewType)?.ItemType ?? schema[name].Type);
            if (type is not null && !item.Equals(type))
                throw context.Process(new ArgumentOutOfRangeException(nameof(schema), $"Schema mismatch for feature column '{name}': expected {type}, as in '{names[0]}', got {item}"));
            type = item;
        }

        return type!;
    }

    /// <summary>Values of a row in the columns of features.</summary>
    public static int ValuesPerRow(DataViewSchema schema, IReadOnlyList<string> names) => names.Sum(name => (schema[name].Type as VectorDataViewType)?.Size ?? 1);

    /// <summary>The values of the keys of some columns as annotations; null where the first has none, or where another column's keys have other values, so that those of one would be wrong for the other.</summary>
    public static DataViewSchema.Annotations? Keys(params DataViewSchema.Column[] columns)
    {
        if (!KeyLabels.IsKey(columns[0].Type) || LabelKeys.Of(columns[0]) is not { } keys) return null;
        if (columns.Skip(1).Any(other => !LabelKeys.AreEqual(LabelKeys.OfAny(other), keys))) return null;
        var builder = new DataViewSchema.Annotations.Builder();
        keys.AddTo(builder, AnnotationNames.KeyValues);
        return builder.ToAnnotations();
    }

    private static ArgumentOutOfRangeException Mismatch(IExceptionContext context, string role, SchemaShape.Column column, string expected, string? hint)
    {
        string message = $"Schema mismatch for {role} column '{column.Name}': expected {expected}, got {SchemaAccess.TypeText(column)}";
        return context.Process(new ArgumentOutOfRangeException(nameof(column), hint is null ? message : $"{message}{Environment.NewLine}Hint: {hint}"));
    }
}
