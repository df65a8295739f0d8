using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Drops columns.</summary>
public sealed class ColumnSelectingEstimator : IEstimator<ColumnSelectingTransformer>
{
    private readonly IHost _host;
    private readonly ColumnSelectingTransformer _transformer;

    internal ColumnSelectingEstimator(IHostEnvironment env, string[] dropped)
    {
        _host = env.Register(nameof(ColumnSelectingEstimator));
        _transformer = new(dropped);
    }

    public ColumnSelectingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        _transformer.GetOutputSchema(input.Schema);
        return _transformer;
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        _transformer.CheckPresent(inputSchema.Select(c => c.Name));
        return new(inputSchema.Where(c => !_transformer.Dropped.Contains(c.Name)));
    }
}
