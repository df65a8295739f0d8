using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ColumnCopyingTransformer), null, typeof(SignatureLoadModel), "Copy Columns", ColumnCopyingTransformer.Signature)]

namespace Microsoft.ML.Transforms;

/// <summary>Adds a copy of a column under another name.</summary>
public sealed class ColumnCopyingTransformer : RowToRowTransformerBase
{
    internal const string Signature = "CopyTransform";
    private const string Format = "COPYCOLS";

    internal ColumnCopyingTransformer(string outputColumnName, string inputColumnName)
    {
        OutputColumnName = outputColumnName;
        InputColumnName = inputColumnName;
    }

    private static ColumnCopyingTransformer Create(ModelLoadContext ctx) =>
        LoadNames(ctx, Format, Signature) is [string output, string input] ? new(output, input) : throw new FormatException();

    internal string OutputColumnName { get; }

    internal string InputColumnName { get; }

    private protected override ColumnMap Bind(DataViewSchema inputSchema)
    {
        DataViewSchema.Column input = Input(inputSchema, InputColumnName);
        return new(inputSchema, [.. inputSchema.Select(OutputColumn.Of), new(new(OutputColumnName, input.Type, input.Annotations), [input.Index])]);
    }

    private protected override void SaveModel(ModelSaveContext ctx) => SaveNames(ctx, Format, Signature, OutputColumnName, InputColumnName);
}
