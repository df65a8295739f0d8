using Microsoft.ML;
using MlnetClip.Scoring;

namespace MlnetClip.Transforms;

/// <summary>A row for each block of the input's rows, made while they are read in order.</summary>
/// <param name="source">The input.</param>
/// <param name="plan">What the blocks are and which columns they have.</param>
internal sealed class BlockView(IDataView source, BlockPlan plan) : ITransformView
{
    /// <inheritdoc/>
    public IDataView Source => source;

    /// <inheritdoc/>
    public string OnnxProblem =>
        $"{plan.Name} cannot be part of an ONNX model, because a row is made of several rows.{Environment.NewLine}"
        + "Hint: MLContext.Model.ExportToOnnx of the package MlnetClip.Onnx writes an ONNX model that begins after it.";

    /// <summary>False: the rows of a block are read in order.</summary>
    public bool CanShuffle => false;

    /// <inheritdoc/>
    public DataViewSchema Schema => plan.Schema;

    /// <summary>Null: the number of blocks is known when all rows have been read.</summary>
    public long? GetRowCount() => null;

    /// <summary>A cursor in the order of the rows; <paramref name="rand"/> is not used.</summary>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        var active = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded) active[column.Index] = true;
        DataViewRowCursor input = source.GetRowCursor(plan.InputsFor(active));
        try
        {
            var (blocks, getters) = plan.Open(input, active);
            return new BlockCursor(input, Schema, blocks, getters);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    /// <summary>One cursor, because rows are read in order.</summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];
}
