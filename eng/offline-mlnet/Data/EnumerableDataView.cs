using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The objects of a sequence as rows, in its order; enumerated afresh by each cursor.</summary>
internal sealed class EnumerableDataView<TRow>(IEnumerable<TRow> data, MemberColumn[] columns) : IDataView
    where TRow : class
{
    public bool CanShuffle => false;

    public DataViewSchema Schema { get; } = DataViewSchema.Of(columns.Select(c => c.Detached));

    public long? GetRowCount() => (data as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(Schema, columns, Cursors.Active(Schema, columnsNeeded), data.GetEnumerator());

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : CountingCursor
    {
        private readonly IEnumerator<TRow> _rows;
        private readonly Delegate[] _getters;

        public Cursor(DataViewSchema schema, MemberColumn[] columns, bool[] active, IEnumerator<TRow> rows)
        {
            Schema = schema;
            _rows = rows;
            _getters = [.. columns.Select((c, i) => active[i] ? c.Getter(Current) : null)];
        }

        public override DataViewSchema Schema { get; }

        public override bool IsColumnActive(DataViewSchema.Column column) => _getters[column.Index] is not null;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Cursors.Typed<TValue>(_getters[column.Index], column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) =>
        {
            CheckOnRow();
            value = new((ulong)Position, 0);
        };

        private TRow Current()
        {
            CheckOnRow();
            return _rows.Current;
        }

        protected override bool Advance()
        {
            bool any = _rows.MoveNext();
            Contracts.Check(!any || _rows.Current is not null, "Encountered null when iterating over data, this is not supported.");
            return any;
        }

        protected override void Dispose(bool disposing)
        {
            _rows.Dispose();
            base.Dispose(disposing);
        }
    }
}
