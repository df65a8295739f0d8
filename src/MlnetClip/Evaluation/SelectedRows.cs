using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Scoring;

namespace MlnetClip.Evaluation;

/// <summary>Some of the rows of a view, in its order.</summary>
/// <param name="source">The view.</param>
/// <param name="selected">Whether a row is among them, for each row of the view.</param>
internal sealed class SelectedRows(IDataView source, bool[] selected) : ITransformView
{
    /// <inheritdoc/>
    public IDataView Source => source;

    /// <inheritdoc/>
    public string OnnxProblem => "The training rows of a backtest cannot be part of an ONNX model.";

    /// <inheritdoc/>
    public bool CanShuffle => false;

    /// <inheritdoc/>
    public DataViewSchema Schema => source.Schema;

    /// <inheritdoc/>
    public long? GetRowCount() => selected.Count(row => row);

    /// <summary>A cursor in row order; <paramref name="rand"/> is not used.</summary>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), selected);

    /// <summary>One cursor.</summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor input, bool[] selected) : DataViewRowCursor
    {
        private readonly int _end = Array.LastIndexOf(selected, true) + 1;
        private int _row = -1; // of the source
        private long _position = -1;

        public override DataViewSchema Schema => input.Schema;

        public override long Position => _position;

        public override long Batch => input.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => input.GetGetter<TValue>(column);

        public override bool MoveNext()
        {
            while (++_row < _end && input.MoveNext())
            {
                if (!selected[_row]) continue;
                _position++;
                return true;
            }

            (_row, _position) = (_end, -1);
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) input.Dispose();
            base.Dispose(disposing);
        }
    }
}
