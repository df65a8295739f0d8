using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip.Data;
using MlnetClip.Forecasting;
using MlnetClip.MLNetInternals;
using MlnetClip.Scoring;

namespace MlnetClip;

/// <summary>
/// A trained forecaster. It appends columns that hold, at each row t, the forecast of the rows t + 1 to t + horizon of the same series made
/// from the rows up to t. Thread-safe.
/// </summary>
/// <remarks>
/// The rows are read in their order. With future covariates, the rows after t are read ahead for their values; where these rows do not exist, the
/// forecast of their steps is NaN. A missing value (NaN) counts as its last observation; rows before the first observation
/// are not counted as seen. The forecast is NaN while fewer than <see cref="LstmForecastingModelParameters.WindowSize"/> rows have
/// been seen, and where the last observation is older than <see cref="LstmForecastingModelParameters.MaximumGap"/> rows. It is not a row-to-row mapper, because a forecast depends on several rows.
/// </remarks>
public sealed class LstmForecastingTransformer : ITransformer
{
    private readonly IHost _host;

    internal LstmForecastingTransformer(IHostEnvironment environment, ForecasterDescription description, LstmForecastingModelParameters model, LstmTrainingReport training)
    {
        _host = environment.Register(nameof(LstmForecastingTransformer));
        (Description, Model, Training) = (description, model, training);
        Outputs = description.Outputs(model.Quantiles);
        var scorer = new SequenceScorer(model, "Window", Outputs);
        var windows = new DataViewSchema.Builder();
        windows.AddColumn(scorer.InputColumnName, scorer.InputType);
        WindowMapper = RowMapper.Bind(_host, windows.ToSchema(), scorer, this);
    }

    /// <summary>The column that is forecast; the first one where there are several.</summary>
    public string InputColumnName => Columns.Targets[0];

    /// <summary>The columns that are forecast.</summary>
    public IReadOnlyList<string> TargetColumnNames => Columns.Targets;

    /// <summary>The past covariates that it reads; empty for none.</summary>
    public IReadOnlyList<string> PastCovariateColumnNames => Columns.Past;

    /// <summary>The future covariates that it reads; empty for none.</summary>
    public IReadOnlyList<string> FutureCovariateColumnNames => Columns.Future;

    /// <summary>The static covariates that it reads; empty for none.</summary>
    public IReadOnlyList<string> StaticCovariateColumnNames => Columns.Static;

    /// <summary>The column of times; null where it reads none.</summary>
    public string? TimeColumnName => Columns.Time;

    /// <summary>The column that says to which series a row belongs; null for a single series.</summary>
    public string? GroupColumnName => Columns.Group;

    /// <summary>The output column of the options: the column with the forecasts, or the first part of the columns' names where there are several targets.</summary>
    public string OutputColumnName => Description.OutputColumnName;

    /// <summary>The columns that are appended, each a vector with a value for every row of the horizon.</summary>
    public IReadOnlyList<string> OutputColumnNames => [.. Outputs.Select(output => output.Column)];

    /// <summary>The trained network.</summary>
    public LstmForecastingModelParameters Model { get; }

    /// <summary>How it was trained.</summary>
    public LstmTrainingReport Training { get; }

    /// <summary>The columns and what else decides the output apart from the network.</summary>
    internal ForecasterDescription Description { get; }

    internal ForecastColumns Columns => Description.Columns;

    internal CalendarFeatures Calendar => Description.Calendar;

    internal UnseenSeries UnseenSeries => Description.UnseenSeries;

    internal ForecastOutput[] Outputs { get; }

    /// <summary>Maps a row with a window to its forecasts.</summary>
    internal IRowToRowMapper WindowMapper { get; }

    /// <inheritdoc/>
    bool ITransformer.IsRowToRowMapper => false;

    /// <summary>The input's columns, then the forecasts: vectors of known size of their target's type, Single or Double.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that the forecaster cannot read.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) =>
        ForecastSchema.Output(_host, inputSchema, Columns, Outputs, Model.Layout);

    /// <summary>
    /// Appends the forecasts, which are computed when a cursor's getter reads them. Cursors read up to 64 rows ahead, but never more than were read before, and predict several of them at once.
    /// Warns of rows that were shuffled or split at random, if the view shows it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that the forecaster cannot read.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var view = new ForecastView(this, input);
        if (DataNotes.Disturbed(InputColumnName, input) is { } warning)
        {
            using IChannel channel = _host.Start("Transform");
            channel.Warning(MessageSensitivity.Schema, warning);
        }

        return new DataTransform(view);
    }

    /// <summary>Forecasts the values that follow a series, in the data's unit; for programs that hold the series themselves.</summary>
    /// <param name="history">The series in time order, NaN where a value is missing. The forecast depends only on the last rows.</param>
    /// <returns>
    /// One value per row of the horizon; NaN when the history has fewer rows than a window from its first value on, or when its last
    /// observation is older than <see cref="LstmForecastingModelParameters.MaximumGap"/> rows.
    /// </returns>
    /// <exception cref="InvalidDataException">A value is infinite.</exception>
    /// <exception cref="InvalidOperationException">The forecaster reads more than one column.</exception>
    [OverloadResolutionPriority(1)] // an empty literal fits both overloads
    public float[] Forecast(ReadOnlySpan<float> history)
    {
        var values = new double[history.Length];
        for (int row = 0; row < values.Length; row++) values[row] = history[row];
        return Array.ConvertAll(Forecast(values), value => (float)value);
    }

    /// <inheritdoc cref="Forecast(ReadOnlySpan{float})"/>
    /// <exception cref="InvalidDataException">A value is infinite, or beyond the range of Single.</exception>
    public double[] Forecast(ReadOnlySpan<double> history)
    {
        if (Columns.All.Count() > 1)
        {
            throw new InvalidOperationException(
                $"{nameof(Forecast)}(history) needs a forecaster of a single column, but this one reads {string.Join(", ", Columns.All.Select(name => $"'{name}'"))}.{Environment.NewLine}"
                + $"Hint: append the rows to the data and use {nameof(Transform)}.");
        }

        var forecast = new double[Model.Horizon];
        var window = new SlidingWindow(Model.Layout, Model.MaximumGap);
        for (int row = 0; row < history.Length; row++) window.Push(history[row], InputColumnName, row);
        if (!window.IsReady)
        {
            forecast.AsSpan().Fill(double.NaN);
            return forecast;
        }

        var vector = new double[Model.Layout.Length];
        var levels = new double[Model.Head.Levels * Model.Horizon];
        window.CopyTo(vector);
        WindowPredictor predictor = Model.Predictors.Rent();
        predictor.Forecast(vector, levels);
        predictor.Select(Outputs[0], levels, forecast);
        Model.Predictors.Return(predictor);
        return forecast;
    }

    /// <summary>Not supported: see <see cref="ITransformer.IsRowToRowMapper"/>.</summary>
    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) =>
        throw _host.Process(new InvalidOperationException(
            $"{nameof(ITransformer.GetRowToRowMapper)} method called despite {nameof(ITransformer.IsRowToRowMapper)} being false.{Environment.NewLine}"
            + $"Hint: a forecast depends on several rows, so a PredictionEngine cannot be used; call {nameof(Forecast)}(history) on the {nameof(LstmForecastingTransformer)}, or Transform all rows."));

    void ICanSaveModel.Save(ModelSaveContext ctx) => LstmForecastingLoader.Save(ctx, this);
}
