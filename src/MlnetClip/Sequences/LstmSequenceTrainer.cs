using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MlnetClip.MLNetInternals;
using MlnetClip.Models;
using MlnetClip.Scoring;
using MlnetClip.Sequences;
using MlnetClip.Settings;
using MlnetClip.Trainers;
using MlnetClip.Weights;

namespace MlnetClip;

/// <summary>Trains a recurrent network to predict a label from a sequence, or one for each of its time steps: what all trainers over sequences share.</summary>
/// <remarks>
/// It can be fitted any number of times. The same <see cref="MLContext"/> seed, data and options give the same result,
/// regardless of previous operations and of the number of threads. Sequences are held in memory, or read from the data again in every epoch
/// (<see cref="LstmSequenceTrainerOptions.ShuffleBufferSize"/>). Rows whose sequence has no time step, or a
/// value that is NaN or infinite, are skipped with a warning, and have a score of NaN.
/// </remarks>
public abstract class LstmSequenceTrainer : ITrainerEstimator<LstmPredictionTransformer, LstmModelParameters>, IValidatedEstimator
{
    private readonly IHost _host;
    private readonly LstmSequenceTrainerOptions _options;
    private readonly TaskTraining _task;
    private readonly string _owner;

    internal LstmSequenceTrainer(IHostEnvironment environment, LstmSequenceTrainerOptions options, TaskTraining task, string name)
    {
        _owner = $"{name}.Options";
        options.Validate(_owner);
        (_options, _task, _host) = (options.Copy(), task, environment.Register(name));
        Info = TrainerInfos.Create(supportsValidation: true);
    }

    /// <summary>Label smoothing as the loss can have it; the check of the options reports another value.</summary>
    private protected static float SmoothingOf(float given) => OptionTable<LstmMulticlassTrainer.Options>.Share.Contains(given) ? given : 0;

    /// <summary>What a pipeline needs to know about the trainer: it normalizes features itself, and does not need a cache before it.</summary>
    public TrainerInfo Info { get; }

    /// <summary>Trains; some rows, drawn at random, are used for validation (<see cref="LstmTrainerOptions.ValidationFraction"/>).</summary>
    /// <param name="input">The rows: sequences are exchangeable, so their order does not matter.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">There is no usable row, or a label is missing; the message has the column, and the row if there is one.</exception>
    public LstmPredictionTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on some rows, validates on others, and optionally starts from a trained model.</summary>
    /// <param name="trainData">The training data.</param>
    /// <param name="validationData">The validation data, by which the best epoch is chosen; null to draw rows of <paramref name="trainData"/> at random.</param>
    /// <param name="modelParameters">
    /// A trained model to start from, of the same sizes and label (warm start); its scaling is kept. Null to start from random weights.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="modelParameters"/> does not match the options or the data, or there is not enough memory for the fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">There is no usable row, or a label is missing; the message has the column, and the row if there is one.</exception>
    public LstmPredictionTransformer Fit(IDataView trainData, IDataView? validationData, LstmModelParameters? modelParameters = null)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        CheckAgainst(validationData, modelParameters);
        FitScope? scope = FitScope.Current;
        LstmSequenceTrainerOptions options = _options.Within(scope);
        FitSeed seed = FitSeed.Of(_host, scope);
        var data = new SequenceTrainingData(_host, options, _task, trainData, validationData, modelParameters, seed.Validation);
        options.CheckModel(_owner, data.Task.Outputs, data.Input);
        ModelSpec model = options.Model(data.Input, data.Task.Outputs);
        FittedWeights? initial = Initial(options, model, data);
        var request = new FitRequest
        {
            Model = model,
            Loss = _task.Loss,
            Training = data.Training,
            Validation = data.Validation,
            DataIdentity = data.Identity,
            Subject = data.Subject,
            Notes = data.Notes,
            Warnings = data.Warnings,
            StartWeights = modelParameters?.Network.Weights,
            StartHash = modelParameters?.Hash() ?? options.InitialWeights?.Hash(),
            StartedFrom = modelParameters is null ? options.InitialWeights?.ToString() : $"a trained model {modelParameters}",
            Prepare = parameters =>
            {
                // A missing key that training never meets must not add noise to predictions.
                for (int j = 0; j < data.Input.Ids; j++)
                    parameters.ValuesOf(parameters[$"embedding{j}.weight"])[..options.EmbeddingSize].Clear();
                initial?.CopyTo(parameters);
            },
        };
        FitOutcome outcome = TrainerFit.Run(_host, options, scope, seed, request);
        var trained = new LstmModelParameters(new TrainedNetwork(model, outcome.Weights), data.Scaler, data.Task);
        return new SinglePredictionTransformer(
            _host, options.FeatureColumnName, trainData.Schema[options.FeatureColumnName].Type, trained,
            outcome.Report(options, request, data.Rows, (int)(data.Validation?.Count ?? 0), data.LeftOut));
    }

    ITransformer IValidatedEstimator.Fit(IDataView trainData, IDataView validationData) => Fit(trainData, validationData);

    /// <summary>The shape of the output: the input's columns and the scores.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        SequenceSchema.Check(_host, inputSchema, _options, _task);
        return SequenceSchema.Output(inputSchema, _options.FeatureColumnName, _task.Promise(inputSchema.First(column => column.Name == _options.LabelColumnName)));
    }

    /// <summary>The initial weights in the scaling of the data; null for random ones.</summary>
    private FittedWeights? Initial(LstmSequenceTrainerOptions options, ModelSpec model, SequenceTrainingData data)
    {
        if (options.InitialWeights is not { } weights) return null;
        FittedWeights fitted = FittedWeights.Of(weights, model, _owner);
        (double mean, double scale) = data.Task is RegressionTask task ? (task.Mean, task.Scale) : (0, 1);
        fitted.Rescale(weights.Units, new WeightUnits(data.Scaler.Means, data.Scaler.Scales, mean, scale));
        return fitted;
    }

    /// <summary>Checks the options against the arguments of Fit and reports every error together.</summary>
    private void CheckAgainst(IDataView? validationData, LstmModelParameters? start)
    {
        var errors = new OptionErrors(_owner);
        _options.CheckFit(errors, validationData is not null, FitSeed.IsGiven(_host, FitScope.Current), start is not null);
        if (start is not null)
        {
            ModelSpec spec = start.Network.Spec;
            CheckSame(nameof(_options.FeaturesPerStep), start.FeaturesPerStep, _options.FeaturesPerStep);
            CheckSame(nameof(_options.Cell), start.Cell, _options.Cell);
            CheckSame(nameof(_options.HiddenSize), start.HiddenSize, _options.HiddenSize);
            CheckSame(nameof(_options.NumberOfLayers), start.NumberOfLayers, _options.NumberOfLayers);
            CheckSame(nameof(_options.Bidirectional), start.Bidirectional, _options.Bidirectional);
            if (!_task.EveryStep && !start.Task.EveryStep) CheckSame(nameof(Pooling), start.Pooling, _options.HeadPooling);
            CheckSame(nameof(_options.LayerNormalization), spec.Layers.Any(layer => layer is LayerNormalizationSpec), _options.LayerNormalization);
            if (start.Input.HasKeys) CheckSame(nameof(_options.EmbeddingSize), spec.Embeddings[0].Size, _options.EmbeddingSize);
        }

        errors.ThrowIfAny();

        void CheckSame<T>(string option, T has, T got)
        {
            if (!EqualityComparer<T>.Default.Equals(has, got)) errors.Add(option, $"must be {has} as in the starting model", $"{got}");
        }
    }
}
