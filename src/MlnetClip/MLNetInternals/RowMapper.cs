using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;
using MlnetClip.Scoring;

namespace MlnetClip.MLNetInternals;

/// <summary>Makes a row-to-row mapper of Microsoft.ML from an <see cref="IRowScorer"/>.</summary>
internal sealed class RowMapper : IRowMapper, ISaveAsOnnx
{
    private readonly IRowScorer _scorer;
    private readonly ITransformer _transformer;
    private readonly int _inputColumn;

    private RowMapper(IRowScorer scorer, DataViewSchema inputSchema, ITransformer transformer) =>
        (_scorer, _transformer, _inputColumn) = (scorer, transformer, inputSchema[scorer.InputColumnName].Index);

    /// <summary>Binds a scorer to rows of a schema.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="inputSchema">The rows' columns, the scorer's input among them.</param>
    /// <param name="scorer">What computes the new columns.</param>
    /// <param name="transformer">The transformer that the scorer belongs to.</param>
    public static IRowToRowMapper Bind(IHostEnvironment environment, DataViewSchema inputSchema, IRowScorer scorer, ITransformer transformer) =>
        Bind(environment, inputSchema, _ => scorer, transformer);

    /// <summary>Adds a scorer's columns to a view.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="input">The view.</param>
    /// <param name="scorerFor">The scorer for rows of a schema: annotations may depend on the other columns.</param>
    /// <param name="transformer">The transformer that the scorer belongs to.</param>
    /// <returns>The view with the columns; it is an <see cref="IRowToRowMapper"/> too.</returns>
    public static IDataView Apply(IHostEnvironment environment, IDataView input, Func<DataViewSchema, IRowScorer> scorerFor, ITransformer transformer)
    {
        IRowMapper Create(DataViewSchema schema) => new RowMapper(scorerFor(schema), schema, transformer);
        return new RowToRowMapperTransform(environment, input, Create(input.Schema), Create);
    }

    /// <summary>As <see cref="Apply"/>, for single rows of a schema.</summary>
    public static IRowToRowMapper Bind(
        IHostEnvironment environment, DataViewSchema inputSchema, Func<DataViewSchema, IRowScorer> scorerFor, ITransformer transformer) =>
        (IRowToRowMapper)Apply(environment, new EmptyDataView(environment, inputSchema), scorerFor, transformer);

    Delegate[] IRowMapper.CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer) =>
        _scorer.CreateGetters(input, activeOutput, out disposer!)!;

    Func<int, bool> IRowMapper.GetDependencies(Func<int, bool> activeOutput)
    {
        bool isActive = Enumerable.Range(0, _scorer.OutputColumns.Length).Any(activeOutput);
        return column => isActive && column == _inputColumn;
    }

    DataViewSchema.DetachedColumn[] IRowMapper.GetOutputColumns() => _scorer.OutputColumns;

    ITransformer IRowMapper.GetTransformer() => _transformer;

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)_transformer).Save(ctx);

    /// <summary>True, so that the converter calls <c>SaveAsOnnx</c>. If this is false, it only warns and exports the other steps.</summary>
    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => _scorer.WriteOnnx(new OnnxGraph(ctx));
}
