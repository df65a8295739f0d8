using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Cli.Models;

/// <summary>Rows of a file as the data view that estimators and transformers read.</summary>
internal sealed class TableView : IDataView
{
    private readonly IReadOnlyList<ViewColumn> _columns;
    private readonly int[] _rows;

    /// <param name="columns">The columns.</param>
    /// <param name="rows">The rows of the columns, in the order of the view.</param>
    public TableView(IReadOnlyList<ViewColumn> columns, int[] rows)
    {
        (_columns, _rows) = (columns, rows);
        var schema = new DataViewSchema.Builder();
        foreach (ViewColumn column in columns) schema.AddColumn(column.Name, column.Type);
        Schema = schema.ToSchema();
    }

    /// <summary>False: rows are in the order of the file.</summary>
    public bool CanShuffle => false;

    /// <inheritdoc/>
    public DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public long? GetRowCount() => _rows.Length;

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this, columnsNeeded);

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly TableView _view;
        private readonly HashSet<int> _active;
        private readonly Delegate?[] _getters;
        private long _position = -1;

        public Cursor(TableView view, IEnumerable<DataViewSchema.Column> columnsNeeded)
        {
            _view = view;
            _active = [.. columnsNeeded.Select(column => column.Index)];
            _getters = new Delegate?[view._columns.Count];
            foreach (int index in _active) _getters[index] = view._columns[index].GetterOf(() => view._rows[_position]);
        }

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => _view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => (ValueGetter<TValue>)_getters[column.Index]!;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

        public override bool MoveNext()
        {
            if (_position + 1 >= _view._rows.Length)
            {
                _position = _view._rows.Length; // the end: no row is current
                return false;
            }

            _position++;
            return true;
        }
    }
}
