using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Keeps in memory the columns of a view that have been asked for.</summary>
internal sealed class CacheDataView(IDataView source, Func<Random> ownOrder = null) : IDataView
{
    private readonly Delegate[] _columns = new Delegate[source.Schema.Count];
    private readonly object _lock = new();
    private long? _rowCount = source.GetRowCount();

    public bool CanShuffle => true;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => _rowCount;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        bool[] active = Cursors.Active(Schema, columnsNeeded);
        Fill(active);
        int[] order = [.. Enumerable.Range(0, checked((int)_rowCount.Value))];
        (ownOrder?.Invoke() ?? rand)?.Shuffle(order);
        return new Cursor(this, active, order);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private void Fill(bool[] active)
    {
        lock (_lock)
        {
            DataViewSchema.Column[] missing = [.. Schema.Where(c => active[c.Index] && _columns[c.Index] is null)];
            if (missing.Length == 0 && _rowCount is not null)
                return;
            using DataViewRowCursor cursor = source.GetRowCursor(missing);
            var stores = missing.Select(c => (Store)Cursors.Generic(typeof(CacheDataView), nameof(MakeStore), c.Type.RawType, cursor, c)).ToArray();
            long rows = 0;
            for (; cursor.MoveNext(); rows++)
                Array.ForEach(stores, s => s.Append());
            _rowCount = rows;
            for (int i = 0; i < missing.Length; i++)
                _columns[missing[i].Index] = stores[i].Read;
        }
    }

    /// <summary>One column's values: Append takes the cursor's current one, Read is a Func from row number to value.</summary>
    private sealed record Store(Action Append, Delegate Read);

    private static Store MakeStore<T>(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = cursor.GetGetter<T>(column);
        Func<T, T> copy = Cursors.Copier<T>();
        List<T> values = [];
        T value = default;
        return new(
            () =>
            {
                getter(ref value);
                values.Add(copy(value));
            },
            (int row) => values[row]);
    }

    private sealed class Cursor(CacheDataView view, bool[] active, int[] order) : CountingCursor
    {
        public override DataViewSchema Schema => view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Delegate getter = active[column.Index]
                ? (Delegate)Cursors.Generic(typeof(Cursor), nameof(MakeGetter), column.Type.RawType, this, view._columns[column.Index])
                : null;
            return Cursors.Typed<TValue>(getter, column);
        }

        private static ValueGetter<T> MakeGetter<T>(Cursor cursor, Func<int, T> read)
        {
            Func<T, T> copy = Cursors.Copier<T>();
            return (ref T value) => value = copy(read(cursor.Row));
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new((ulong)Row, 0);

        private int Row
        {
            get
            {
                CheckOnRow();
                return order[Position];
            }
        }

        protected override bool Advance() => Position + 1 < order.Length;
    }
}
