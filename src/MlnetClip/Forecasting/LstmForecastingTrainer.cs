using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip.Data;
using MlnetClip.Forecasting;
using MlnetClip.MLNetInternals;
using MlnetClip.Settings;
using MlnetClip.Trainers;
using static System.FormattableString;

namespace MlnetClip;

/// <summary>
/// Trains an LSTM network to forecast one or several columns of one or many series: it reads windows of the last rows, with covariates where there are any, and
/// forecasts the next rows.
/// Create it with <see cref="LstmForecastingCatalog.ForecastByLstm(ForecastingCatalog, Options)"/>.
/// </summary>
/// <remarks>
/// It can be fitted any number of times. The same <see cref="MLContext"/> seed, data and options give the same result,
/// regardless of previous operations and of the number of threads.
/// </remarks>
public sealed partial class LstmForecastingTrainer : IEstimator<LstmForecastingTransformer>, IValidatedEstimator
{
    private readonly IHost _host;
    private readonly Options _options;

    internal LstmForecastingTrainer(IHostEnvironment environment, Options options)
    {
        options.Validate();
        _options = options.Copy();
        _host = environment.Register(nameof(LstmForecastingTrainer));
    }

    /// <summary>The columns that it reads.</summary>
    internal ForecastColumns Columns => _options.Columns;

    /// <summary>Trains on a series; its last rows (<see cref="LstmTrainerOptions.ValidationFraction"/>) are used for validation.</summary>
    /// <param name="input">The series in time order.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that the trainer cannot read.</exception>
    /// <exception cref="InvalidDataException">The series is too short, without values, constant, or has a value that is infinite or beyond the range of Single.</exception>
    public LstmForecastingTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on a series, validates on the rows that follow it, and optionally starts from a trained model.</summary>
    /// <param name="trainData">The series in time order.</param>
    /// <param name="validationData">
    /// The rows that directly follow the last of <paramref name="trainData"/>: the first validation window ends with the training
    /// rows, and no validation value is used for training. Null for the last rows of <paramref name="trainData"/>.
    /// </param>
    /// <param name="modelParameters">
    /// A trained model to start from, of the same sizes (warm start); its scaling is kept. Null to start from random weights.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="modelParameters"/> has other sizes than the options, or there is not enough memory for the fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that the trainer cannot read.</exception>
    /// <exception cref="InvalidDataException">
    /// The series is too short, without values, constant, or has a value that is infinite or beyond the range of Single; or the checkpoint is
    /// damaged or belongs to another fit.
    /// </exception>
    /// <exception cref="IOException">Another fit uses the checkpoint.</exception>
    public LstmForecastingTransformer Fit(
        IDataView trainData, IDataView? validationData, LstmForecastingModelParameters? modelParameters = null)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        CheckAgainst(validationData, modelParameters);
        FitScope? scope = FitScope.Current;
        Options options = _options.Within(scope);
        var data = ForecastTrainingData.Read(_host, options, trainData, validationData, modelParameters?.Encoder);
        if (options.WindowSize > Options.LongestWindow)
            throw new ArgumentException(Invariant($"{nameof(LstmForecastingTrainer)}.{nameof(Options)}.{nameof(Options.WindowSize)} must be from 2 to {Options.LongestWindow}, but was {options.WindowSize}."));
        FitSeed seed = FitSeed.Of(_host, scope);
        ForecasterFit fit = options.LinearPart == LinearPartUse.Compare && modelParameters is null
            ? ForecasterFit.Better(_host, options, scope, seed, data)
            : ForecasterFit.Run(_host, options, scope, seed, data, modelParameters);
        LstmForecastingModelParameters model = fit.Model;
        FitWarnings.Report(_host, model, data, options, fit.Outcome.Result);
        if (options.HasInterval) model = Calibration.WithInterval(_host, model, data, options);
        if (fit.Linear is { } linear && validationData is null && data.Validation is not null)
        {
            linear.FitAgain(); // the interval above is of forecasts from rows before
            model = new LstmForecastingModelParameters(data.Encoder.With(linear.Forecast), model.Spec, fit.Outcome.Weights, model.Head, options.LargestGap);
        }

        var description = new ForecasterDescription(
            options.Columns, options.OutputColumnName, options.ConfidenceLowerBoundColumn, options.ConfidenceUpperBoundColumn, data.Table.Calendar, options.UnseenSeries);
        return new LstmForecastingTransformer(
            _host, description, model, fit.Outcome.Report(options, fit.Request, data.Table.Rows, data.Table.ValidationRows, data.Table.MissingRows) with { LinearPart = fit.Report });
    }

    ITransformer IValidatedEstimator.Fit(IDataView trainData, IDataView validationData) => Fit(trainData, validationData);

    /// <summary>The shape of the output: the input's columns and the forecasts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that the trainer cannot read.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => ForecastSchema.Output(_host, inputSchema, _options.Columns, _options.Outputs);

    /// <summary>Checks the options against the arguments of Fit and reports every error together.</summary>
    private void CheckAgainst(IDataView? validationData, LstmForecastingModelParameters? start)
    {
        var errors = new OptionErrors($"{nameof(LstmForecastingTrainer)}.{nameof(Options)}");
        _options.CheckFit(errors, validationData is not null, FitSeed.IsGiven(_host, FitScope.Current), start is not null);
        if (start is not null)
        {
            CheckSame(nameof(Options.WindowSize), start.WindowSize, _options.WindowSize);
            CheckSame(nameof(Options.Horizon), start.Horizon, _options.Horizon);
            CheckSame(nameof(Options.HiddenSize), start.HiddenSize, _options.HiddenSize);
            CheckSame(nameof(Options.NumberOfLayers), start.NumberOfLayers, _options.NumberOfLayers);
            CheckSame(nameof(Options.Scaling), start.Scaling, _options.Scaling);
            CheckSame(nameof(Options.Strategy), start.Strategy, _options.Strategy);
            if (start.Encoder.Linear is not null && _options.LinearPart == LinearPartUse.None)
                errors.Add(nameof(Options.LinearPart), $"must not be {LinearPartUse.None}, because the network of the starting model learned the residual of a linear part", $"{_options.LinearPart}");
            CheckSame(nameof(Options.Quantiles), Options.TextOf(start.Quantiles), Options.TextOf(_options.Quantiles));
        }

        if (_options.HasInterval && validationData is null && _options.ValidationFraction == 0)
            errors.Add(nameof(Options.ConfidenceLowerBoundColumn), "must be null without validation rows, as must the upper bound's, because the interval comes from their errors", "set", $"pass validation data, or set {nameof(Options.ValidationFraction)} above 0.");
        if (_options.LinearPart == LinearPartUse.Compare && validationData is null && _options.ValidationFraction == 0)
            errors.Add(nameof(Options.LinearPart), $"must not be {LinearPartUse.Compare} without validation rows, which decide", $"{_options.LinearPart}", $"pass validation data, or set {nameof(Options.ValidationFraction)} above 0.");
        errors.ThrowIfAny();

        void CheckSame<T>(string option, T has, T got)
        {
            if (!EqualityComparer<T>.Default.Equals(has, got)) errors.Add(option, $"must be {has} as in the starting model", $"{got}");
        }
    }
}
