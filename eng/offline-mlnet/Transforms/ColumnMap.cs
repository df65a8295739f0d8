using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// A column of the output: one of the input as it is (no <paramref name="MakeGetter"/>), or one made of some of the input's.
/// </summary>
internal sealed record OutputColumn(DataViewSchema.DetachedColumn Column, int[] Sources, Func<DataViewRow, Delegate> MakeGetter = null)
{
    public static OutputColumn Of(DataViewSchema.Column source) => new(new(source), [source.Index]);
}

/// <summary>How the rows of one schema become rows of another.</summary>
internal sealed class ColumnMap(DataViewSchema inputSchema, OutputColumn[] columns) : IRowToRowMapper
{
    public DataViewSchema InputSchema => inputSchema;

    public DataViewSchema OutputSchema { get; } = DataViewSchema.Of(columns.Select(c => c.Column));

    public OutputColumn this[int index] => columns[index];

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        bool[] active = Cursors.Active(OutputSchema, dependingColumns);
        int[] needed = [.. columns.Where((_, i) => active[i]).SelectMany(c => c.Sources).Distinct()];
        return needed.Select(i => inputSchema[i]);
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(input.Schema == inputSchema, nameof(input), "Schema of input row must be the same as the schema the mapper is bound to");
        return new MappedRow(this, input, Cursors.Active(OutputSchema, activeColumns));
    }

    private sealed class MappedRow(ColumnMap map, DataViewRow input, bool[] active) : DataViewRow
    {
        private readonly Delegate[] _getters = [.. active.Select((a, i) => a ? map[i].MakeGetter?.Invoke(input) : null)];

        public override DataViewSchema Schema => map.OutputSchema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Contracts.Check(active[column.Index]);
            return _getters[column.Index] is Delegate getter
                ? Cursors.Typed<TValue>(getter, column)
                : input.GetGetter<TValue>(input.Schema[map[column.Index].Sources[0]]);
        }

        protected override void Dispose(bool disposing)
        {
            input.Dispose();
            base.Dispose(disposing);
        }
    }
}
