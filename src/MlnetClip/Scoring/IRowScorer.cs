using Microsoft.ML;
using MlnetClip.MLNetInternals;

namespace MlnetClip.Scoring;

/// <summary>
/// Computes new columns of a row from the columns of the same row. The object is immutable and shared between threads;
/// the memory for a computation belongs to the getters.
/// </summary>
internal interface IRowScorer
{
    /// <summary>The one column that is read.</summary>
    string InputColumnName { get; }

    /// <summary>The columns that are added.</summary>
    DataViewSchema.DetachedColumn[] OutputColumns { get; }

    /// <summary>Creates getters over a row or cursor; those of two calls share no memory that they write to.</summary>
    /// <param name="input">The row to read; it changes as its cursor moves.</param>
    /// <param name="isActive">Whether the output column with this index is needed.</param>
    /// <param name="disposer">To be called when the getters are no longer needed; they cannot be called after that. Null when there is nothing to do.</param>
    /// <returns>A <see cref="ValueGetter{TValue}"/> for each output column, null where it is not needed.</returns>
    Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> isActive, out Action? disposer);

    /// <summary>Writes the columns into an ONNX model; nothing is written to a file before it has returned.</summary>
    /// <exception cref="NotSupportedException">They cannot be part of one.</exception>
    void WriteOnnx(OnnxGraph graph);
}
