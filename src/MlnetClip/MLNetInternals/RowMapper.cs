using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip.Scoring;

namespace MlnetClip.MLNetInternals;

/// <summary>Makes a row-to-row mapper of Microsoft.ML from an <see cref="IRowScorer"/>.</summary>
internal sealed class RowMapper : IRowMapper
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
    public static IRowToRowMapper Bind(IHostEnvironment environment, DataViewSchema inputSchema, IRowScorer scorer, ITransformer transformer)
    {
        IRowMapper Create(DataViewSchema schema) => new RowMapper(scorer, schema, transformer);
        return new RowToRowMapperTransform(environment, new EmptyDataView(environment, inputSchema), Create(inputSchema), Create);
    }

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
}
