using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Contract.Tests.Support;

/// <summary>A transformer that changes nothing, and an estimator that records what it was given.</summary>
internal sealed class PassThrough : ITransformer, IDisposable
{
    public bool IsRowToRowMapper { get; init; } = true;

    public bool Disposed { get; private set; }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

    public int Transforms { get; private set; }

    public IDataView Transform(IDataView input)
    {
        Transforms++;
        return input;
    }

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new InvalidOperationException("No mapper here.");

    public void Save(ModelSaveContext ctx) => throw new InvalidOperationException("Not saved here.");

    public void Dispose() => Disposed = true;
}

/// <summary>An estimator that records what it was given and may refuse a schema.</summary>
internal sealed class Recorder(Exception? refusal = null) : IEstimator<PassThrough>
{
    public List<SchemaShape> Shapes { get; } = [];

    public List<IDataView> Fitted { get; } = [];

    public PassThrough Fit(IDataView input)
    {
        Fitted.Add(input);
        return new PassThrough();
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Shapes.Add(inputSchema);
        return refusal is null ? inputSchema : throw refusal;
    }
}
