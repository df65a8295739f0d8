using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A text file as a data view, read afresh by each cursor.</summary>
internal sealed class TextDataView(IHostEnvironment env, string path, TextLoader.Options options, TextColumn[] columns) : IDataView
{
    private readonly IHost _host = env.Register(nameof(TextLoader));
    private readonly TextLoader.Options _options = new()
    {
        AllowQuoting = options.AllowQuoting,
        HasHeader = options.HasHeader,
        MissingRealsAsNaNs = options.MissingRealsAsNaNs,
        Separators = [.. options.Separators],
        TrimWhitespace = options.TrimWhitespace,
    };

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; } = DataViewSchema.Of(columns.Select(c => new DataViewSchema.DetachedColumn(c.Name, c.Type)));

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(this, Cursors.Active(Schema, columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : CountingCursor
    {
        private readonly TextDataView _view;
        private readonly TextLines _lines;
        private readonly ParseReport _report;
        private readonly IEnumerator<(long Number, string Text)> _rows;
        private readonly (Action Parse, Delegate Getter)[] _columns;
        private readonly int _fieldsNeeded;
        private List<string> _fields = [];

        public Cursor(TextDataView view, bool[] active)
        {
            _view = view;
            _lines = new TextLines(view._options);
            _report = new ParseReport(view._host);
            _rows = _lines.Rows(path: view.Path).GetEnumerator();
            _fieldsNeeded = view.Columns.Where((_, i) => active[i]).SelectMany(c => c.Fields).Append(-1).Max() + 1;
            _columns = [.. view.Columns.Select((c, i) => active[i] ? Bind(c) : default)];
        }

        public override DataViewSchema Schema => _view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _columns[column.Index].Getter is not null;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Contracts.CheckParam(column.Index < _columns.Length, nameof(column), "requested column not valid.");
            Contracts.Check(IsColumnActive(column));
            return Cursors.Typed<TValue>(_columns[column.Index].Getter, column);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) =>
        {
            CheckOnRow();
            value = new((ulong)Position, 0);
        };

        protected override bool Advance()
        {
            if (!_rows.MoveNext())
                return false;
            _report.Row();
            _fields = [.. _lines.Fields(_rows.Current.Text, () => _report.BadQuotes(_view.Path, _rows.Current.Number)).Take(_fieldsNeeded)];
            foreach ((Action parse, _) in _columns)
                parse?.Invoke();
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            _rows.Dispose();
            _report.Dispose();
            base.Dispose(disposing);
        }

        private (Action, Delegate) Bind(TextColumn column) => ((Action, Delegate))Cursors.Generic(typeof(Cursor),
            column.Type is VectorDataViewType ? nameof(BindVector) : nameof(BindScalar), column.ItemType.RawType, this, column);

        private static (Action Parse, Delegate Getter) BindScalar<T>(Cursor cursor, TextColumn column)
        {
            T[] current = new T[1];
            FieldParser<T> parser = FieldParsers.For<T>(cursor._view._options.MissingRealsAsNaNs);
            return (
                () => current[0] = cursor.Parse(parser, column, 0, out T value) ? value : default,
                (ValueGetter<T>)((ref T value) =>
                {
                    cursor.CheckOnRow();
                    value = current[0];
                }));
        }

        private static (Action Parse, Delegate Getter) BindVector<T>(Cursor cursor, TextColumn column)
        {
            int size = column.Fields.Length;
            var values = new T[size];
            var indices = new int[size];
            int count = 0;
            FieldParser<T> parser = FieldParsers.For<T>(cursor._view._options.MissingRealsAsNaNs);
            return (
                () =>
                {
                    count = 0;
                    for (int i = 0; i < size; i++)
                    {
                        if (!cursor.Parse(parser, column, i, out T value))
                            continue;
                        values[count] = value;
                        indices[count++] = i;
                    }
                },
                (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
                {
                    cursor.CheckOnRow();
                    var sparse = new VBuffer<T>(size, count, values, indices);
                    if (count <= size / 2) // few enough fields to keep the others out, as Microsoft.ML does
                        sparse.CopyTo(ref value);
                    else
                        sparse.CopyToDense(ref value);
                }));
        }

        // False where there is nothing to parse, so that the value is the default. Where missing reals are NaN, Microsoft.ML
        // parses empty fields of every type; an unsigned number has no empty form then.
        private bool Parse<T>(FieldParser<T> parser, TextColumn column, int slot, out T value)
        {
            string text = _fields.ElementAtOrDefault(column.Fields[slot]);
            bool isReal = typeof(T) == typeof(float) || typeof(T) == typeof(double);
            value = default;
            if (string.IsNullOrEmpty(text) && !(_view._options.MissingRealsAsNaNs && (isReal || text is not null)))
                return false;
            text ??= "";
            if (parser(text, out value))
                return true;
            bool inVector = column.Fields.Length > 1;
            if (!isReal)
            {
                Exception fault = Contracts.Except(inVector
                    ? $"Could not parse value {text} in slot {slot} of column {column.Name} in line {_rows.Current.Number}"
                    : $"Could not parse value {text} in line {_rows.Current.Number}, column {column.Name}");
                throw _view._host.ExceptDecode(fault, $"Parsing failed with an exception: {fault.Message}");
            }

            _report.BadValue(_rows.Current.Number, column.Name, inVector ? slot : null);
            return true;
        }
    }

    private string Path => path;

    private TextColumn[] Columns => columns;
}
