using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;
using MlnetClip.Scoring;

namespace MlnetClip.MLNetInternals;

/// <summary>The same rows and columns, from cursors that read ahead where a scorer asks for it. It stands below a row mapper, and is part of no model.</summary>
internal sealed class ReadAheadView : ITransformCanSaveOnnx, ITransformTemplate
{
    private readonly IHost _host;
    private readonly string _column;

    /// <param name="environment">The environment.</param>
    /// <param name="source">The rows.</param>
    /// <param name="column">The column that the scorer reads.</param>
    public ReadAheadView(IHostEnvironment environment, IDataView source, string column) =>
        (_host, Source, _column) = (environment.Register(nameof(ReadAheadView)), source, column);

    /// <inheritdoc/>
    public IDataView Source { get; }

    /// <inheritdoc/>
    public bool CanShuffle => Source.CanShuffle;

    /// <inheritdoc/>
    public DataViewSchema Schema => Source.Schema;

    /// <inheritdoc/>
    public long? GetRowCount() => Source.GetRowCount();

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new ReadAheadCursor(Source.GetRowCursor(columnsNeeded, rand));

    /// <summary>Splits a single cursor as a row mapper would, which would otherwise split this view's and read rows one at a time.</summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        DataViewRowCursor[] cursors = Source.GetRowCursorSet(columns, n, rand);
        if (cursors.Length == 1 && n > 1 && columns.Any(column => column.Name == _column)) cursors = DataViewUtils.CreateSplitCursors(_host, cursors[0], n);
        return Array.ConvertAll<DataViewRowCursor, DataViewRowCursor>(cursors, cursor => new ReadAheadCursor(cursor));
    }

    /// <summary>True: nothing needs to be written, the columns are the source's.</summary>
    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx)
    {
    }

    IDataTransform ITransformTemplate.ApplyToData(IHostEnvironment env, IDataView newSource) => new ReadAheadView(env, newSource, _column);

    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        throw new NotSupportedException("A view of the data cannot be saved. Hint: save the transformer that made it with MLContext.Model.Save.");
}
