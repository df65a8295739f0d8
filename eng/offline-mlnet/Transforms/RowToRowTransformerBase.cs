using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A transformer each of whose output rows depends on the same input row alone.</summary>
public abstract class RowToRowTransformerBase : ITransformer
{
    private protected RowToRowTransformerBase()
    {
    }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return Bind(inputSchema).OutputSchema;
    }

    public IDataView Transform(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        return new MappedDataView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return Bind(inputSchema);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    private protected abstract ColumnMap Bind(DataViewSchema inputSchema);

    private protected abstract void SaveModel(ModelSaveContext ctx);

    private protected static DataViewSchema.Column Input(DataViewSchema schema, string name) =>
        schema.GetColumnOrNull(name) ?? throw Contracts.ExceptSchemaMismatch("inputSchema", "input", name);

    private protected static void SaveNames(ModelSaveContext ctx, string modelSignature, string loaderSignature, params string[] names)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version(modelSignature, loaderSignature));
        ctx.Writer.Write(names.Length);
        Array.ForEach(names, ctx.SaveNonEmptyString);
    }

    internal static string[] LoadNames(ModelLoadContext ctx, string modelSignature, string loaderSignature)
    {
        ctx.CheckAtModel(Version(modelSignature, loaderSignature));
        return [.. Enumerable.Range(0, ctx.Reader.ReadInt32()).Select(_ => ctx.LoadNonEmptyString())];
    }

    private static VersionInfo Version(string modelSignature, string loaderSignature) =>
        new(modelSignature, 0x00010001, 0x00010001, 0x00010001, typeof(RowToRowTransformerBase).Assembly.FullName, loaderSignature);
}
