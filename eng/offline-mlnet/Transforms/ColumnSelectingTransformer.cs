using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ColumnSelectingTransformer), null, typeof(SignatureLoadModel), "Select Columns", ColumnSelectingTransformer.Signature)]

namespace Microsoft.ML.Transforms;

/// <summary>Drops columns; hidden ones stay unless they are named.</summary>
public sealed class ColumnSelectingTransformer : RowToRowTransformerBase
{
    internal const string Signature = "SelectColumns";
    private const string Format = "SELCOLST";

    internal ColumnSelectingTransformer(string[] dropped) => Dropped = dropped;

    private static ColumnSelectingTransformer Create(ModelLoadContext ctx) => new(LoadNames(ctx, Format, Signature));

    internal string[] Dropped { get; }

    private protected override ColumnMap Bind(DataViewSchema inputSchema)
    {
        CheckPresent(inputSchema.Select(c => c.Name));
        return new(inputSchema, [.. inputSchema.Where(c => !Dropped.Contains(c.Name)).Select(OutputColumn.Of)]);
    }

    internal void CheckPresent(IEnumerable<string> names)
    {
        string[] missing = [.. Dropped.Except(names)];
        if (missing.Length > 0)
            throw Contracts.ExceptSchemaMismatch("inputSchema", "input", string.Join(",", missing));
    }

    private protected override void SaveModel(ModelSaveContext ctx) => SaveNames(ctx, Format, Signature, Dropped);
}
