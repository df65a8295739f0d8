using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MlnetClip.MLNetInternals;
using MlnetClip.Models;
using MlnetClip.Scoring;
using MlnetClip.Sequences;
using MlnetClip.Settings;
using MlnetClip.Trainers;

namespace MlnetClip;

/// <summary>Trains a recurrent network to predict a label from a sequence: what regression, binary and multiclass trainers share.</summary>
/// <remarks>
/// It may be fitted any number of times: <see cref="MLContext"/>'s seed decides a fit together with the data and the options,
/// whatever ran before and however many threads train. All sequences are held in memory. Rows whose sequence has no time step, or a
/// value that is NaN or infinite, are left out with a warning, and have a score of NaN.
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

    /// <summary>What pipelines ask of a trainer: it normalises features itself, and reads the data once.</summary>
    public TrainerInfo Info { get; }

    /// <summary>Trains; some rows, drawn at random, validate (<see cref="LstmTrainerOptions.ValidationFraction"/>).</summary>
    /// <param name="input">The rows: sequences are exchangeable, so their order does not matter.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">There is nothing to learn from, or a label is missing; the message names the column, and the row where it is one.</exception>
    public LstmPredictionTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on some rows, validates on others, and may start from a trained model.</summary>
    /// <param name="trainData">Rows to learn from.</param>
    /// <param name="validationData">Rows to choose the best epoch by; none of them is learned from. Null to draw some of <paramref name="trainData"/>.</param>
    /// <param name="modelParameters">
    /// A trained model to start from, of the same sizes and label (warm start); its scaling is kept, since its weights are in that unit. Null to start from random weights.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="modelParameters"/> does not fit the options or the data, or the fit needs more memory than there is.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">There is nothing to learn from, or a label is missing; the message names the column, and the row where it is one.</exception>
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
        var request = new FitRequest
        {
            Model = model,
            Loss = _task.Loss,
            Training = data.Training,
            Validation = data.Validation,
            DataIdentity = data.Identity,
            Subject = data.Subject,
            Warnings = data.Warnings,
            StartWeights = modelParameters?.Network.Weights,
            StartHash = modelParameters?.Hash(),
            Prepare = parameters =>
            {
                // A missing key that training never meets must not add noise to predictions.
                for (int j = 0; j < data.Input.Ids; j++)
                    parameters.ValuesOf(parameters[$"embedding{j}.weight"])[..options.EmbeddingSize].Clear();
            },
        };
        FitOutcome outcome = TrainerFit.Run(_host, options, scope, seed, request);
        var trained = new LstmModelParameters(new TrainedNetwork(model, outcome.Weights), data.Scaler, data.Task);
        return new SinglePredictionTransformer(
            _host, options.FeatureColumnName, trainData.Schema[options.FeatureColumnName].Type, trained,
            outcome.Report(options, request, data.Rows, data.Validation?.Count ?? 0, data.LeftOut));
    }

    ITransformer IValidatedEstimator.Fit(IDataView trainData, IDataView validationData) => Fit(trainData, validationData);

    /// <summary>The shape of the output: the input's columns and the scores.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        SequenceSchema.Check(_host, inputSchema, _options, _task);
        return SequenceSchema.Output(inputSchema, _task.Promise(inputSchema.First(column => column.Name == _options.LabelColumnName)));
    }

    /// <summary>Throws when the options do not fit what Fit was given, every error at once.</summary>
    private void CheckAgainst(IDataView? validationData, LstmModelParameters? start)
    {
        var errors = new OptionErrors(_owner);
        _options.CheckFit(errors, validationData is not null, HostAccess.SeedOf(_host) is not null);
        if (start is not null)
        {
            ModelSpec spec = start.Network.Spec;
            CheckSame(nameof(_options.FeaturesPerStep), start.FeaturesPerStep, _options.FeaturesPerStep);
            CheckSame(nameof(_options.Cell), start.Cell, _options.Cell);
            CheckSame(nameof(_options.HiddenSize), start.HiddenSize, _options.HiddenSize);
            CheckSame(nameof(_options.NumberOfLayers), start.NumberOfLayers, _options.NumberOfLayers);
            CheckSame(nameof(_options.Bidirectional), start.Bidirectional, _options.Bidirectional);
            CheckSame(nameof(_options.Pooling), start.Pooling, _options.Pooling);
            CheckSame(nameof(_options.LayerNormalization), spec.Layers.Any(layer => layer is LayerNormalizationSpec), _options.LayerNormalization);
            if (start.Input.HasKeys) CheckSame(nameof(_options.EmbeddingSize), spec.Embeddings[0].Size, _options.EmbeddingSize);
        }

        errors.ThrowIfAny();

        void CheckSame<T>(string option, T has, T got)
        {
            if (!EqualityComparer<T>.Default.Equals(has, got)) errors.Add(option, $"must be {has} as in the model to start from", $"{got}");
        }
    }
}
