using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Joins columns of the same item type into one vector.</summary>
public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly IHost _host;
    private readonly string _output;
    private readonly string[] _inputs;

    internal ColumnConcatenatingEstimator(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
    {
        _host = env.Register(nameof(ColumnConcatenatingEstimator));
        _output = _host.CheckNonEmpty(outputColumnName, nameof(outputColumnName));
        _host.CheckValue(inputColumnNames, nameof(inputColumnNames));
        _host.CheckParam(inputColumnNames.Length > 0, nameof(inputColumnNames), "Input columns not specified");
        _host.CheckParam(!inputColumnNames.Any(string.IsNullOrEmpty), nameof(inputColumnNames), "Contained some null or empty items");
        _inputs = inputColumnNames;
    }

    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new(_output, _inputs);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        SchemaShape.Column[] inputs = [.. _inputs.Select(name => inputSchema.TryFindColumn(name, out SchemaShape.Column column)
            ? column
            : throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", name))];
        foreach (SchemaShape.Column input in inputs)
        {
            if (input.IsKey)
                throw _host.Except($"Column '{input.Name}' is key. Concatenation of keys is unsupported.");
            if (!input.ItemType.Equals(inputs[0].ItemType))
                throw _host.Except($"Concatenated columns should have the same type. Column '{input.Name}' has type of {input.ItemType}, but expected column type is {inputs[0].ItemType}.");
        }

        var kind = inputs.Any(c => c.Kind == SchemaShape.Column.VectorKind.VariableVector) ? SchemaShape.Column.VectorKind.VariableVector : SchemaShape.Column.VectorKind.Vector;
        bool named = inputs.Any(c => c.Kind == SchemaShape.Column.VectorKind.Scalar || c.Annotations.TryFindColumn("SlotNames", out _));
        SchemaShape annotations = named
            ? new([new("SlotNames", SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false)])
            : null;
        return new([.. inputSchema.Where(c => c.Name != _output), new(_output, kind, inputs[0].ItemType, false, annotations)]);
    }
}
