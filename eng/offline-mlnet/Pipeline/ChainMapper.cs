using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The row mapper of a chain of transformers.</summary>
internal sealed class ChainMapper : IRowToRowMapper
{
    private readonly IRowToRowMapper[] _mappers;

    public ChainMapper(DataViewSchema inputSchema, ITransformer[] transformers)
    {
        InputSchema = OutputSchema = inputSchema;
        _mappers = new IRowToRowMapper[transformers.Length];
        for (int i = 0; i < _mappers.Length; i++)
        {
            _mappers[i] = transformers[i].GetRowToRowMapper(OutputSchema);
            OutputSchema = _mappers[i].OutputSchema;
        }
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        _mappers.Reverse().Aggregate(dependingColumns, (needed, mapper) => mapper.GetDependencies(needed));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckValue(activeColumns, nameof(activeColumns));
        Contracts.CheckParam(input.Schema == InputSchema, nameof(input), "Schema did not match original schema");

        var needed = new IEnumerable<DataViewSchema.Column>[_mappers.Length + 1];
        needed[^1] = activeColumns;
        for (int i = _mappers.Length - 1; i >= 0; i--)
            needed[i] = _mappers[i].GetDependencies(needed[i + 1]);
        DataViewRow row = input;
        for (int i = 0; i < _mappers.Length; i++)
            row = _mappers[i].GetRow(row, needed[i + 1]);
        return row;
    }
}
