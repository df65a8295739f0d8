using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Data;
using MlnetClip.Scoring;

namespace MlnetClip.Forecasting;

/// <summary>
/// The state between rows: a row whose one column is the window that ends at the input's row, of the series that the row belongs to. Its targets are NaN while
/// fewer rows than a window have been seen, and where the last observation is too old.
/// </summary>
internal sealed class WindowRow : DataViewRow
{
    private readonly DataViewRow _current;
    private double[] _block = []; // the windows of the rows that were read ahead
    private readonly SeriesWindows _windows;
    private readonly ForecastRowReader _reader;
    private readonly LookAhead? _ahead;

    /// <param name="input">The row of the series; it changes as its cursor moves.</param>
    /// <param name="transformer">The forecaster.</param>
    /// <param name="cursor">A cursor over the same rows, which reads ahead if it can.</param>
    /// <param name="openAhead">Opens another cursor over the same rows with the given columns, to read future covariates ahead.</param>
    public WindowRow(DataViewRow input, LstmForecastingTransformer transformer, ReadAheadCursor cursor, Func<IEnumerable<string>, DataViewRowCursor> openAhead)
    {
        (Transformer, Schema) = (transformer, transformer.WindowMapper.InputSchema);
        _windows = new SeriesWindows(transformer);
        _reader = new ForecastRowReader(input, transformer.Columns, _windows.Names);
        if (transformer.Model.Layout.ReadsHorizon) _ahead = new LookAhead(openAhead(transformer.Columns.Ahead), transformer);
        Cursor = cursor.TryReadAhead(Keep) ? cursor : null;
        _current = Cursor is null ? input : cursor;
    }

    /// <summary>The cursor that reads ahead, and takes the rows; null where <see cref="Push"/> is to be called.</summary>
    public ReadAheadCursor? Cursor { get; }

    /// <summary>The forecaster.</summary>
    public LstmForecastingTransformer Transformer { get; }

    /// <inheritdoc/>
    public override DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public override long Position => _current.Position;

    /// <inheritdoc/>
    public override long Batch => _current.Batch;

    /// <summary>The windows of rows [first, end) of the block that was read ahead, one after the other.</summary>
    public ReadOnlySpan<double> WindowsOf(int first, int end) => _block.AsSpan(first * Length, (end - first) * Length);

    /// <summary>Takes the row that the input moved to; to be called once for each row.</summary>
    /// <exception cref="InvalidDataException">A value is infinite or too large, the time goes backwards, or the series is not known and is to be refused.</exception>
    public void Push()
    {
        _reader.Read();
        _windows.Push(_reader);
        _ahead?.Advance(_reader.Group);
    }

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => _current.GetIdGetter();

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<double>> getter = GetWindow;
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' holds VBuffer<double>, but a getter of {typeof(TValue).Name} was requested.");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _ahead?.Dispose();
        base.Dispose(disposing);
    }

    private int Length => checked((int)Transformer.Model.Layout.Length);

    /// <summary>Takes a row that is read ahead, and keeps its window.</summary>
    private int Keep(int row)
    {
        Push();
        if (_block.Length < (row + 1) * Length) Array.Resize(ref _block, Math.Max(2 * _block.Length, (row + 1) * Length));
        CopyTo(_block.AsSpan(row * Length, Length));
        return Length;
    }

    private void CopyTo(Span<double> window) => _windows.CopyTo(_reader.Group, window, _ahead is null ? default : _ahead.RowsAfter(_reader.Group));

    private void GetWindow(ref VBuffer<double> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        if (Cursor is null) CopyTo(editor.Values);
        else WindowsOf(Cursor.Index, Cursor.Index + 1).CopyTo(editor.Values);
        destination = editor.Commit();
    }
}
