namespace Microsoft.ML.Data;

/// <summary>The rows of a view that pass a test; the test is made anew for each cursor.</summary>
internal sealed class FilterDataView(IDataView source, Func<Func<DataViewRowCursor, bool>> makeMoveNext, bool canShuffle, Func<long?> rowCount) : IDataView
{
    public bool CanShuffle => canShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => rowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded, canShuffle ? rand : null), makeMoveNext());

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor input, Func<DataViewRowCursor, bool> moveNext) : CountingCursor
    {
        public override DataViewSchema Schema => input.Schema;

        public override long Batch => input.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => input.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        protected override bool Advance() => moveNext(input);

        protected override void Dispose(bool disposing)
        {
            input.Dispose();
            base.Dispose(disposing);
        }
    }
}
