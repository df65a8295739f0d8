using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.MLNetInternals;

/// <summary>Creates schema shapes, whose column constructor is internal in Microsoft.ML.</summary>
internal static class SchemaAccess
{
    /// <summary>A column of vectors of known size.</summary>
    public static SchemaShape.Column Vector(string name, DataViewType itemType) =>
        new(name, SchemaShape.Column.VectorKind.Vector, itemType, isKey: false);

    /// <summary>An output column of a trainer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="annotations">Names and types of its annotations.</param>
    public static SchemaShape.Column Output(string name, DataViewType type, IEnumerable<(string Name, DataViewType Type)> annotations) =>
        Column(name, type, new SchemaShape(annotations.Select(annotation => Column(annotation.Name, annotation.Type, null))));

    /// <summary>A column of vectors of another column's values, which keeps the values of its keys.</summary>
    public static SchemaShape.Column VectorOf(string name, SchemaShape.Column.VectorKind kind, SchemaShape.Column items) =>
        new(name, kind, items.ItemType, items.IsKey,
            items.IsKey && Annotation(items, AnnotationUtils.Kinds.KeyValues) is { } keys ? new SchemaShape([keys]) : null);

    /// <summary>The shape of the columns that are not hidden.</summary>
    public static SchemaShape Shape(DataViewSchema schema) => SchemaShape.Create(schema);

    /// <summary>The annotation of that name; null where the column has none.</summary>
    public static SchemaShape.Column? Annotation(SchemaShape.Column column, string name) =>
        column.Annotations.TryFindColumn(name, out SchemaShape.Column annotation) ? annotation : null;

    /// <summary>The number of the next set of score columns, as Microsoft.ML's scorers count them.</summary>
    public static uint NextScoreColumnSet(DataViewSchema schema) =>
        schema.GetMaxAnnotationKind(out _, AnnotationUtils.Kinds.ScoreColumnSetId) + 1;

    private static SchemaShape.Column Column(string name, DataViewType type, SchemaShape? annotations)
    {
        SchemaShape.GetColumnTypeShape(type, out SchemaShape.Column.VectorKind kind, out DataViewType item, out bool isKey);
        return new(name, kind, item, isKey, annotations);
    }

    /// <summary>The column's type as Microsoft.ML prints it in its errors, for example <c>Vector&lt;Single&gt;</c>.</summary>
    public static string TypeText(SchemaShape.Column column) => column.GetTypeString();
}
