using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Adds a copy of a column under another name.</summary>
public sealed class ColumnCopyingEstimator : IEstimator<ColumnCopyingTransformer>
{
    private readonly IHost _host;
    private readonly ColumnCopyingTransformer _transformer;

    internal ColumnCopyingEstimator(IHostEnvironment env, string outputColumnName, string inputColumnName)
    {
        _host = env.Register(nameof(ColumnCopyingEstimator));
        _host.CheckNonEmpty(outputColumnName, nameof(outputColumnName));
        _host.CheckNonEmpty(inputColumnName, nameof(inputColumnName));
        _transformer = new(outputColumnName, inputColumnName);
    }

    public ColumnCopyingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        _transformer.GetOutputSchema(input.Schema);
        return _transformer;
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        if (!inputSchema.TryFindColumn(_transformer.InputColumnName, out SchemaShape.Column input))
            throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", _transformer.InputColumnName);
        string name = _transformer.OutputColumnName;
        return new([.. inputSchema.Where(c => c.Name != name), new(name, input.Kind, input.ItemType, input.IsKey, input.Annotations)]);
    }
}
