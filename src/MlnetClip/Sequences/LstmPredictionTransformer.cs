using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip.MLNetInternals;
using MlnetClip.Sequences;

namespace MlnetClip;

/// <summary>
/// A trained model that predicts a label from a row's sequence. It appends the columns that Microsoft.ML's trainers append: Score,
/// and PredictedLabel for classification, and Probability for binary classification. Thread-safe.
/// </summary>
/// <remarks>
/// Sequences may be longer than those in training. Where a sequence has no time step, or a value that is NaN or infinite, the scores are
/// NaN, the predicted key is 0 (missing) and the predicted Boolean is false.
/// </remarks>
public abstract class LstmPredictionTransformer : ISingleFeaturePredictionTransformer<LstmModelParameters>
{
    private readonly IHost _host;

    private protected LstmPredictionTransformer(
        IHostEnvironment environment, string featureColumnName, DataViewType featureColumnType, LstmModelParameters model, LstmTrainingReport training)
    {
        _host = environment.Register(nameof(LstmPredictionTransformer));
        (FeatureColumnName, FeatureColumnType, Model, Training) = (featureColumnName, featureColumnType, model, training);
    }

    /// <summary>The column of sequences.</summary>
    public string FeatureColumnName { get; }

    /// <summary>The type that it had in training; sequences of other lengths are scored too.</summary>
    public DataViewType FeatureColumnType { get; }

    /// <summary>The trained network.</summary>
    public LstmModelParameters Model { get; }

    /// <summary>How it was trained.</summary>
    public LstmTrainingReport Training { get; }

    /// <inheritdoc/>
    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>The input's columns, then the scores.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column of sequences is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        SequenceSchema.CheckInput(_host, inputSchema, FeatureColumnName, Model.Input);
        return RowMapper.Bind(_host, inputSchema, Scorer, this).OutputSchema;
    }

    /// <summary>
    /// Appends the scores, which are computed when a cursor's getter reads them. Cursors read up to 64 rows ahead, but never more than were read before, and predict several of them at once.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The column of sequences is missing or of another type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        SequenceSchema.CheckInput(_host, input.Schema, FeatureColumnName, Model.Input);
        return RowMapper.Apply(_host, new ReadAheadView(_host, input, FeatureColumnName), Scorer, this);
    }

    /// <inheritdoc/>
    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        SequenceSchema.CheckInput(_host, inputSchema, FeatureColumnName, Model.Input);
        return RowMapper.Bind(_host, inputSchema, Scorer, this);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => LstmPredictionLoader.Save(ctx, this);

    private TaskScorer Scorer(DataViewSchema schema) => new(Model, FeatureColumnName, schema);
}
