using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Applies a row-to-row model to one object at a time; for one thread.</summary>
public sealed class PredictionEngine<TSrc, TDst> : IDisposable
    where TSrc : class
    where TDst : class, new()
{
    private readonly ITransformer _transformer;
    private readonly InputRow _input;
    private readonly Action<TDst> _fill;

    internal PredictionEngine(IHostEnvironment env, ITransformer transformer, bool ignoreMissingColumns, SchemaDefinition input, SchemaDefinition output)
    {
        env.CheckValue(transformer, nameof(transformer));
        env.CheckParam(transformer.IsRowToRowMapper, nameof(transformer), "Must be a row to row mapper");
        _transformer = transformer;
        _input = new InputRow(MemberColumn.Bind(typeof(TSrc), input ?? SchemaDefinition.Create(typeof(TSrc), SchemaDefinition.Direction.Read)));
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(_input.Schema);
        OutputSchema = mapper.OutputSchema;
        var typed = new TypedRows<TDst>(OutputSchema, ignoreMissingColumns, output);
        _fill = typed.Filler(mapper.GetRow(_input, OutputSchema));
    }

    public DataViewSchema OutputSchema { get; }

    public TDst Predict(TSrc example)
    {
        var prediction = new TDst();
        Predict(example, ref prediction);
        return prediction;
    }

    public void Predict(TSrc example, ref TDst prediction)
    {
        Contracts.CheckValue(example, nameof(example));
        _input.Take(example);
        prediction ??= new TDst();
        _fill(prediction);
    }

    public void Dispose() => (_transformer as IDisposable)?.Dispose();

    private sealed class InputRow : DataViewRow
    {
        private readonly Delegate[] _getters;
        private TSrc _current;
        private long _position = -1;

        public InputRow(MemberColumn[] columns)
        {
            Schema = DataViewSchema.Of(columns.Select(c => c.Detached));
            _getters = [.. columns.Select(c => c.Getter(() => _current))];
        }

        public override DataViewSchema Schema { get; }

        public override long Position => _position;

        public override long Batch => 0;

        public void Take(TSrc example)
        {
            _current = example;
            _position++;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Cursors.Typed<TValue>(_getters[column.Index], column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new((ulong)_position, 0);
    }
}
