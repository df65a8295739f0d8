using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Makes one data view of another, lazily.</summary>
public interface ITransformer : ICanSaveModel
{
    /// <summary>True where a row of the output depends on the same row of the input alone.</summary>
    bool IsRowToRowMapper { get; }

    DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

    IDataView Transform(IDataView input);

    IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema);
}
