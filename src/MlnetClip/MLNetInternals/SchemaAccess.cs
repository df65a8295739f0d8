using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.MLNetInternals;

/// <summary>Schema shapes: Microsoft.ML keeps the constructor of their columns internal.</summary>
internal static class SchemaAccess
{
    /// <summary>A column of single-precision vectors of known size.</summary>
    public static SchemaShape.Column SingleVector(string name) =>
        new(name, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false);

    /// <summary>The column's type as Microsoft.ML prints it in its errors, for example <c>Vector&lt;Single&gt;</c>.</summary>
    public static string TypeText(SchemaShape.Column column) => column.GetTypeString();
}
