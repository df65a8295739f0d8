using Microsoft.ML;
using Microsoft.ML.Model.OnnxConverter;
using MlnetClip.Scoring;

namespace MlnetClip.MLNetInternals;

/// <summary>
/// Presents a view of ours as an <c>IDataTransform</c>, which shows its source. <c>ConvertToOnnx</c> treats a view without a source as the
/// root of the data, and would then export a model with our columns as its inputs.
/// </summary>
/// <param name="view">The view.</param>
internal sealed class DataTransform(ITransformView view) : ITransformCanSaveOnnx
{
    /// <inheritdoc/>
    public IDataView Source => view.Source;

    /// <inheritdoc/>
    public bool CanShuffle => view.CanShuffle;

    /// <inheritdoc/>
    public DataViewSchema Schema => view.Schema;

    /// <inheritdoc/>
    public long? GetRowCount() => view.GetRowCount();

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => view.GetRowCursor(columnsNeeded, rand);

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        view.GetRowCursorSet(columnsNeeded, n, rand);

    /// <summary>True, so that the converter calls <c>SaveAsOnnx</c>. If this is false, it only warns and exports the other steps.</summary>
    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

    /// <summary>Throws; nothing has been written by then.</summary>
    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => throw new NotSupportedException(view.OnnxProblem);

    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        throw new NotSupportedException("A view of the data cannot be saved. Hint: save the transformer that made it with MLContext.Model.Save.");
}
