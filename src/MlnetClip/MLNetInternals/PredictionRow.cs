using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlnetClip.MLNetInternals;

/// <summary>Writes the values of a row into objects of a user's class, as a <see cref="PredictionEngine{TSrc, TDst}"/> does.</summary>
/// <typeparam name="T">The class.</typeparam>
internal sealed class PredictionRow<T>
    where T : class, new()
{
    private readonly IRowReadableAs<T> _values;

    /// <param name="environment">The environment.</param>
    /// <param name="row">The row.</param>
    /// <param name="ignoreMissingColumns">Whether the class may have members without a column.</param>
    /// <param name="definition">The columns of the class; null for its members.</param>
    public PredictionRow(IHostEnvironment environment, DataViewRow row, bool ignoreMissingColumns, SchemaDefinition? definition) =>
        _values = TypedCursorable<T>.Create(environment, new EmptyDataView(environment, row.Schema), ignoreMissingColumns, definition).GetRow(row);

    /// <summary>Writes the row's current values.</summary>
    public void Fill(T prediction) => _values.FillValues(prediction);
}
