using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip.Checkpoints;
using MlnetClip.Data;
using MlnetClip.Forecasting;
using MlnetClip.Models;
using MlnetClip.MLNetInternals;
using MlnetClip.Settings;
using MlnetClip.Training;

namespace MlnetClip;

/// <summary>
/// Trains an LSTM network to forecast a series: windows of the series go in, the next rows come out of a direct head.
/// Create it with <see cref="LstmForecastingCatalog.ForecastByLstm(ForecastingCatalog, Options)"/>.
/// </summary>
/// <remarks>
/// It may be fitted any number of times: <see cref="MLContext"/>'s seed decides a fit together with the data and the options,
/// whatever ran before and however many threads train.
/// </remarks>
public sealed partial class LstmForecastingTrainer : IEstimator<LstmForecastingTransformer>, IValidatedEstimator
{
    private const ulong WeightsStream = 1, TrainingStream = 2;

    private readonly IHost _host;
    private readonly Options _options;

    internal LstmForecastingTrainer(IHostEnvironment environment, Options options)
    {
        options.Validate();
        _options = options.Copy();
        _host = environment.Register(nameof(LstmForecastingTrainer));
    }

    /// <summary>Trains on a series; its last rows (<see cref="Options.ValidationFraction"/>) validate.</summary>
    /// <param name="input">The series in time order.</param>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or its type is not Single.</exception>
    /// <exception cref="InvalidDataException">The series is too short, without values, constant, or has an infinite value.</exception>
    public LstmForecastingTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on a series, validates on the rows that follow it, and may start from a trained model.</summary>
    /// <param name="trainData">The series in time order.</param>
    /// <param name="validationData">
    /// The rows that directly follow the last of <paramref name="trainData"/>: the first validation window ends with the training
    /// rows, and no validation value is trained on. Null for the last rows of <paramref name="trainData"/>.
    /// </param>
    /// <param name="modelParameters">
    /// A trained model to start from, of the same sizes (warm start); its scaling is kept, since its weights are in that unit. Null to start from random weights.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="modelParameters"/> has other sizes than the options, or the fit needs more memory than there is.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or its type is not Single.</exception>
    /// <exception cref="InvalidDataException">The series is too short, without values, constant, or has an infinite value.</exception>
    public LstmForecastingTransformer Fit(
        IDataView trainData, IDataView? validationData, LstmForecastingModelParameters? modelParameters = null)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        CheckAgainst(validationData, modelParameters);
        FitScope? scope = FitScope.Current;
        Options options = _options.Within(scope);
        var data = ForecastTrainingData.Read(_host, options, trainData, validationData, modelParameters?.Scaler);
        int? given = scope?.Seed ?? HostAccess.SeedOf(_host);
        int seed = given ?? RandomNumberGenerator.GetInt32(int.MaxValue);

        ModelSpec model = options.Model;
        int largestBatch = Math.Min(options.BatchSize, Math.Max(data.Training.Count, data.Validation?.Count ?? 0));
        using IBackend backend = options.Backend.Create(model, data.Training.Shape, largestBatch, options.Loss, options.Threads, SeedOf(seed, WeightsStream));
        modelParameters?.Weights.Span.CopyTo(backend.Parameters.Values);
        CheckpointField[] identity = [new("Data", data.Identity), new("Seed", $"{seed}"), new("Warm start", modelParameters?.Hash() ?? "none")];
        var loop = new TrainingLoop(
            backend, options.ForTraining(SeedOf(seed, TrainingStream), identity), new IndexedBatchStream(data.Training),
            data.Validation is { } validation ? new IndexedBatchStream(validation) : null);

        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        using var channel = new TrainingChannel(_host, options, [options.Observer, scope?.Observer], cancellation);
        channel.Begin(data, seed);
        if (options.CheckpointPath is { } checkpoint && File.Exists(checkpoint))
        {
            using var stream = File.OpenRead(checkpoint);
            loop.Resume(stream);
            channel.Resumed(checkpoint, loop.EpochsRun);
        }

        TrainingResult result = loop.Run(channel, cancellation.Token);
        if (result.Reason == StopReason.Cancelled) throw _host.Process(new OperationCanceledException(options.CancellationToken));
        channel.End(result);

        return new LstmForecastingTransformer(
            _host, options.InputColumn, options.OutputColumnName,
            new LstmForecastingModelParameters(options.WindowSize, model, backend.Parameters.Values.ToArray(), data.Scaler),
            Report(options, data, result, seed, seedWasDrawn: given is null, warm: modelParameters is not null));
    }

    ITransformer IValidatedEstimator.Fit(IDataView trainData, IDataView validationData) => Fit(trainData, validationData);

    /// <summary>The shape of the output: the input's columns and the forecast.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or its type is not Single.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        ForecastSchema.Output(_host, inputSchema, _options.InputColumn, _options.OutputColumnName);

    private static ulong SeedOf(int seed, ulong stream) => SeededRandom.Derive((ulong)seed, stream);

    /// <summary>Throws when the options do not fit what Fit was given, every error at once.</summary>
    private void CheckAgainst(IDataView? validationData, LstmForecastingModelParameters? start)
    {
        var errors = new OptionErrors($"{nameof(LstmForecastingTrainer)}.{nameof(Options)}");
        if (_options.EarlyStopping is not null && validationData is null && _options.ValidationFraction == 0)
            errors.Add(nameof(Options.EarlyStopping), "must be null without validation", "set", $"give validation data, or set {nameof(Options.ValidationFraction)} above 0.");
        if (_options.CheckpointPath is { } checkpoint)
        {
            if (HostAccess.SeedOf(_host) is null)
                errors.Add(nameof(Options.CheckpointPath), "must be null without a seed, since a random fit cannot be resumed", $"'{checkpoint}'", "give MLContext a seed: new MLContext(seed: 1).");
            if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(checkpoint))))
                errors.Add(nameof(Options.CheckpointPath), "must be in a folder that exists", $"'{checkpoint}'");
        }

        if (start is not null)
        {
            CheckSame(nameof(Options.WindowSize), start.WindowSize, _options.WindowSize);
            CheckSame(nameof(Options.Horizon), start.Horizon, _options.Horizon);
            CheckSame(nameof(Options.HiddenSize), start.HiddenSize, _options.HiddenSize);
            CheckSame(nameof(Options.NumberOfLayers), start.NumberOfLayers, _options.NumberOfLayers);
            CheckSame(nameof(Options.Scaling), start.Scaling, _options.Scaling);
        }

        errors.ThrowIfAny();

        void CheckSame<T>(string option, T has, T got)
        {
            if (!EqualityComparer<T>.Default.Equals(has, got)) errors.Add(option, $"must be {has} as in the model to start from", $"{got}");
        }
    }

    private static LstmTrainingReport Report(Options options, ForecastTrainingData data, TrainingResult result, int seed, bool seedWasDrawn, bool warm) => new()
    {
        Rows = data.Rows,
        ValidationRows = data.ValidationRows,
        MissingRows = data.MissingRows,
        TrainingWindows = data.Training.Count,
        ValidationWindows = data.Validation?.Count ?? 0,
        Seed = seed,
        SeedWasDrawn = seedWasDrawn,
        WarmStart = warm,
        Epochs = result.EpochsRun,
        BestEpoch = result.BestEpoch,
        Steps = result.Steps,
        StopReason = result.Reason,
        TrainingLoss = result.FinalTrainLoss,
        ValidationLoss = result.BestValidationLoss,
        ClippingSummary = result.Clipping,
        History = result.History,
        Options = options.Describe(),
        LibraryVersion = LibraryVersion.Text,
        MicrosoftMLVersion = MicrosoftMLVersion.Text,
    };
}
