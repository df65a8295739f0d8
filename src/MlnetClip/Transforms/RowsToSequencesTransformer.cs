using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip.MLNetInternals;
using MlnetClip.Transforms;

namespace MlnetClip;

/// <summary>Makes sequences of rows, as <see cref="ToSequencesEstimator"/> or <see cref="ToWindowsEstimator"/> describes. Thread-safe.</summary>
public sealed class RowsToSequencesTransformer : ITransformer
{
    private readonly IHost _host;

    internal RowsToSequencesTransformer(IHostEnvironment environment, IRowBlockOptions options) =>
        (_host, Options) = (environment.Register(nameof(RowsToSequencesTransformer)), options);

    /// <summary>The options, which are saved.</summary>
    internal IRowBlockOptions Options { get; }

    /// <summary>False: an output row is made of several input rows.</summary>
    bool ITransformer.IsRowToRowMapper => false;

    /// <summary>The group's column, the sequences, and the label.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Options.Plan(_host, inputSchema).Schema;
    }

    /// <summary>The sequences, which are made while they are read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new DataTransform(new BlockView(input, Options.Plan(_host, input.Schema)));
    }

    /// <inheritdoc/>
    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) =>
        throw new InvalidOperationException(
            $"Rows become sequences, so there is no mapping of single rows.{Environment.NewLine}"
            + "Hint: create a PredictionEngine from the steps after it, and pass it a whole sequence in a row.");

    void ICanSaveModel.Save(ModelSaveContext ctx) => RowsToSequencesLoader.Save(ctx, this);
}
