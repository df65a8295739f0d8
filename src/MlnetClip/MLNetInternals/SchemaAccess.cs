using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.MLNetInternals;

/// <summary>Schema shapes: Microsoft.ML keeps the constructor of their columns internal.</summary>
internal static class SchemaAccess
{
    /// <summary>A column of vectors of known size.</summary>
    public static SchemaShape.Column Vector(string name, DataViewType itemType) =>
        new(name, SchemaShape.Column.VectorKind.Vector, itemType, isKey: false);

    /// <summary>The column's type as Microsoft.ML prints it in its errors, for example <c>Vector&lt;Single&gt;</c>.</summary>
    public static string TypeText(SchemaShape.Column column) => column.GetTypeString();
}
