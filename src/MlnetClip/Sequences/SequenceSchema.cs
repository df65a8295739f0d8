using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip.Data;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Sequences;

/// <summary>The columns that trainers over sequences read and write, checked in Microsoft.ML's words.</summary>
internal static class SequenceSchema
{
    /// <summary>The most keys that embeddings are learned for: an array has a row for each, and one for a missing key.</summary>
    private static readonly ulong s_mostKeys = (ulong)Array.MaxLength - 1;

    private const string Sequences = "Vector<Single>, VarVector<Single>, Vector<Key<UInt32>> or VarVector<Key<UInt32>>";

    /// <summary>Throws when a column is missing or of another type.</summary>
    public static void Check(IExceptionContext context, SchemaShape shape, LstmSequenceTrainerOptions options, TaskTraining task)
    {
        ArgumentNullException.ThrowIfNull(shape);
        SchemaShape.Column features = Find(context, shape, "feature", options.FeatureColumnName);
        if (features.Kind == SchemaShape.Column.VectorKind.Scalar || !IsSequenceItem(features))
            throw Mismatch(context, "feature", features, Sequences, HintFor(features));
        SchemaShape.Column label = Find(context, shape, "label", options.LabelColumnName);
        if (!task.Accepts(SchemaAccess.TypeText(label))) throw Mismatch(context, "label", label, task.LabelType, task.LabelHint(label.Name));
        if (options.ExampleWeightColumnName is not { } weightName) return;
        SchemaShape.Column weight = Find(context, shape, "weight", weightName);
        if (SchemaAccess.TypeText(weight) != "Single") throw Mismatch(context, "weight", weight, "Single", hint: null);
    }

    /// <summary>The input's shape with the task's columns added or replaced.</summary>
    public static SchemaShape Output(SchemaShape shape, string featureColumnName, SequenceTask promised)
    {
        bool varies = shape.First(column => column.Name == featureColumnName).Kind == SchemaShape.Column.VectorKind.VariableVector;
        var added = promised.Columns(scoreColumnSet: 1, steps: varies ? 0 : 1).Select(column =>
            SchemaAccess.Output(column.Name, column.Type, column.Annotations.Schema.Select(annotation => (annotation.Name, annotation.Type)))).ToArray();
        return new SchemaShape(shape.Where(column => added.All(other => other.Name != column.Name)).Concat(added));
    }

    /// <summary>What the sequences of a column are made of.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column's size is not a multiple of the values of a time step, or it has more keys than a model can have.</exception>
    public static SequenceInput InputOf(IExceptionContext context, DataViewSchema.Column column, int perStep)
    {
        var type = (VectorDataViewType)column.Type;
        if (type.Size % perStep != 0)
        {
            string expected = $"a vector whose size is a multiple of {perStep}";
            throw context.Process(new ArgumentOutOfRangeException(
                nameof(column), $"Schema mismatch for feature column '{column.Name}': expected {expected}, got {type}{Environment.NewLine}"
                + $"Hint: check {nameof(LstmSequenceTrainerOptions.FeaturesPerStep)}; the column has the values of a sequence one time step after the other."));
        }

        if (type.ItemType is not KeyDataViewType key) return new SequenceInput(perStep, 0);
        if (key.Count > s_mostKeys)
        {
            throw context.Process(new ArgumentOutOfRangeException(
                nameof(column), $"Schema mismatch for feature column '{column.Name}': expected at most {s_mostKeys} keys, got {type}{Environment.NewLine}"
                + "Hint: each key has a vector of its own in the model, so use few keys, for example a smaller numberOfBits of Transforms.Conversion.Hash."));
        }

        return new SequenceInput(perStep, (int)key.Count);
    }

    /// <summary>Throws when rows to be scored lack the column of sequences, or it holds something else than in training.</summary>
    public static void CheckInput(IExceptionContext context, DataViewSchema schema, string name, SequenceInput input)
    {
        ArgumentNullException.ThrowIfNull(schema);
        DataViewSchema.Column column = schema.GetColumnOrNull(name)
            ?? throw context.Process(new ArgumentOutOfRangeException(nameof(schema), ColumnErrors.NotFound("feature", name, schema.Select(other => other.Name))));
        VectorDataViewType expected = input.TypeOf(0);
        if (column.Type is VectorDataViewType type && type.ItemType.Equals(expected.ItemType) && type.Size % input.PerStep == 0) return;
        throw context.Process(new ArgumentOutOfRangeException(
            nameof(schema), $"Schema mismatch for feature column '{name}': expected a vector of {expected.ItemType} in steps of {input.PerStep}, got {column.Type}"));
    }

    private static SchemaShape.Column Find(IExceptionContext context, SchemaShape shape, string role, string name)
    {
        SchemaShape.Column column = shape.FirstOrDefault(candidate => candidate.Name == name);
        return column.Name is not null
            ? column
            : throw context.Process(new ArgumentOutOfRangeException(nameof(shape), ColumnErrors.NotFound(role, name, shape.Select(other => other.Name))));
    }

    private static bool IsSequenceItem(SchemaShape.Column column) =>
        column.IsKey ? column.ItemType.Equals(NumberDataViewType.UInt32) : column.ItemType.Equals(NumberDataViewType.Single);

    private static string? HintFor(SchemaShape.Column column)
    {
        if (column.Kind == SchemaShape.Column.VectorKind.Scalar)
            return "combine the columns of a sequence with Transforms.Concatenate before the trainer.";
        if (column.ItemType is TextDataViewType) return $"append Transforms.Conversion.MapValueToKey(\"{column.Name}\") before the trainer.";
        return column.ItemType is NumberDataViewType && !column.IsKey
            ? $"append Transforms.Conversion.ConvertType(\"{column.Name}\", outputKind: DataKind.Single) before the trainer."
            : null;
    }

    private static ArgumentOutOfRangeException Mismatch(IExceptionContext context, string role, SchemaShape.Column column, string expected, string? hint)
    {
        string message = $"Schema mismatch for {role} column '{column.Name}': expected {expected}, got {SchemaAccess.TypeText(column)}";
        return context.Process(new ArgumentOutOfRangeException(nameof(column), hint is null ? message : $"{message}{Environment.NewLine}Hint: {hint}"));
    }
}
