using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.Data;
using MlnetClip.MLNetInternals;
using MlnetClip.Weights;
using static System.FormattableString;

namespace MlnetClip.Sequences;

/// <summary>The sequences that a fit trains and validates on, scaled, with the scaling that was learned from them.</summary>
internal sealed class SequenceTrainingData
{
    private readonly TrainingRows _rows;
    private readonly RowSplit _split;
    private readonly LstmSequenceTrainerOptions _options;
    private readonly bool _ownValidation;
    private readonly int _poolSize;

    /// <summary>Reads, splits and scales the sequences.</summary>
    /// <param name="host">For schema errors.</param>
    /// <param name="options">The trainer's options.</param>
    /// <param name="task">What labels are.</param>
    /// <param name="trainData">The training data.</param>
    /// <param name="validationData">Rows to validate on; null to draw some of the others.</param>
    /// <param name="modelParameters">A model whose scaling is kept; null to learn one. Named as the parameter of the trainer's Fit, which errors refer to.</param>
    /// <param name="splitSeed">Decides which rows validate where they are drawn.</param>
    public SequenceTrainingData(
        IHost host, LstmSequenceTrainerOptions options, TaskTraining task, IDataView trainData, IDataView? validationData, LstmModelParameters? modelParameters, ulong splitSeed)
    {
        (_options, _ownValidation) = (options, validationData is not null);
        Input = Check(host, options, task, trainData);
        if (validationData is not null)
        {
            if (Check(host, options, task, validationData) != Input)
                throw new ArgumentException($"Validation data must have the training data's kind of sequences in column '{options.FeatureColumnName}', of the same number of keys.", nameof(validationData));
            foreach (string name in (string[])[options.FeatureColumnName, options.LabelColumnName])
            {
                if (HaveSameKeys(trainData.Schema[name], validationData.Schema[name])) continue;
                throw new ArgumentException(
                    $"The keys of column '{name}' in the validation data must be those of the training data, in the same order, but have other values.{Environment.NewLine}"
                    + "Hint: transform both with one pipeline that was fitted to the training data, MapValueToKey included.", nameof(validationData));
            }
        }

        if (modelParameters is not null && modelParameters.Input != Input)
            throw new ArgumentException($"The model to start from reads {modelParameters.Input.Describe()}, but column '{options.FeatureColumnName}' holds {Input.Describe()}.", nameof(modelParameters));
        _rows = new TrainingRows(Input, options, task, validationData is null ? [trainData] : [trainData, validationData]);
        _split = _ownValidation || options.ValidationFraction == 0
            ? RowSplit.At(_rows.Count, _rows.Trainable)
            : RowSplit.Drawn(_rows.Count, options.ValidationFraction, splitSeed);
        CheckEnough();
        Identity = Invariant($"{_rows.Count} rows, {_split.Training} for training, SHA-256 {_rows.Hash}");

        WeightUnits? kept = modelParameters is null && options.NumberOfEpochs == 0 ? options.InitialWeights?.Units : null; // with it, the weights stay as they are
        LabelLearner labels = task.Begin(trainData.Schema[options.LabelColumnName], modelParameters?.Task ?? kept?.Label);
        FeatureLearner? features = modelParameters is null && kept is null && !Input.HasKeys && options.NormalizeFeatures ? new(Input.Features) : null;
        Learn(labels, features);
        Task = labels.End();
        if (modelParameters is not null && !Task.CanStartFrom(modelParameters.Task))
        {
            string classes = Task is RegressionTask ? "" : ", of the same classes in the same order";
            throw new ArgumentException($"The model to start from must have been trained for {Task.Kind}{classes}, but was trained for {modelParameters.Task.Kind}.", nameof(modelParameters));
        }

        Scaler = modelParameters?.Scaler ?? kept?.Scaler(Input.Features) ?? features?.End() ?? FeatureScaler.None(Input.Features);
        if (_rows.InMemory is { } store)
        {
            if (!Input.HasKeys) store.Scale(Scaler);
            labels.Scale(store.AllTargets, store.AllWeights);
        }
        else
        {
            _poolSize = SequenceStreams.PoolSize(options, SequencePlace.Shape(Input, LongestSteps, task.EveryStep), _split.Training);
        }

        IBatchStream Open(bool training) => SequenceStreams.Open(_rows, Input, task.EveryStep, _split, training, Math.Max(1, _poolSize), Scaler, labels);
        Training = Open(training: true);
        Validation = _split.Validation == 0 ? null : Open(training: false);
    }

    /// <summary>What the sequences are made of.</summary>
    public SequenceInput Input { get; }

    /// <summary>What is predicted.</summary>
    public SequenceTask Task { get; }

    /// <summary>How features are scaled.</summary>
    public FeatureScaler Scaler { get; }

    /// <summary>The training sequences.</summary>
    public IBatchStream Training { get; }

    /// <summary>The validation sequences; null without validation.</summary>
    public IBatchStream? Validation { get; }

    /// <summary>What distinguishes these data from others, for checkpoints.</summary>
    public string Identity { get; }

    /// <summary>Time steps of the longest sequence.</summary>
    public int LongestSteps => _rows.LongestSteps;

    /// <summary>Rows read.</summary>
    public int Rows => _rows.Rows;

    /// <summary>Rows skipped.</summary>
    public int LeftOut => _rows.LeftOut;

    /// <summary>What the fit learns from, as the beginning of a sentence.</summary>
    public string Subject
    {
        get
        {
            string validation = Validation is null ? "without validation"
                : _ownValidation ? $"validating on {Validation.Count} others" : $"validating on {Validation.Count} others drawn at random";
            return $"Learning '{_options.LabelColumnName}' from {Training.Count} sequences of up to {LongestSteps} time steps of {Input.Describe()}, {validation}";
        }
    }

    /// <summary>How the sequences are read, if they are not held in memory.</summary>
    public IReadOnlyList<string> Notes => _rows.InMemory is not null ? [] :
        [$"The sequences are read from the data in every epoch, and shuffled in a buffer of {_poolSize}."];

    /// <summary>What users should look into.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            var warnings = new List<string>();
            if (LeftOut > 0)
                warnings.Add($"{LeftOut} of {Rows} rows were skipped, because column '{_options.FeatureColumnName}' has no time step or a value that is NaN or infinite; the first is row {_rows.FirstLeftOut} (from 0).");
            if (_rows.UnlabeledSteps > 0)
                warnings.Add($"{_rows.UnlabeledSteps} of {_rows.Steps} time steps have no label in column '{_options.LabelColumnName}' (a missing key), or a weight of 0; they are not used for training.");
            return warnings;
        }
    }

    private static SequenceInput Check(IHost host, LstmSequenceTrainerOptions options, TaskTraining task, IDataView data)
    {
        SequenceSchema.Check(host, SchemaAccess.Shape(data.Schema), options, task);
        task.CheckLabel(data.Schema[options.LabelColumnName]);
        return SequenceSchema.InputOf(host, data.Schema[options.FeatureColumnName], options.FeaturesPerStep);
    }

    /// <summary>Whether a key stands for the same value in training and validation; numbers alone would be compared without an error.</summary>
    private static bool HaveSameKeys(DataViewSchema.Column training, DataViewSchema.Column validation) => !KeyLabels.IsKey(training.Type) || KeyLabels.AreSame(training, validation);

    /// <summary>Learns from the training rows, and checks that rows of both kinds count.</summary>
    private void Learn(LabelLearner labels, FeatureLearner? features)
    {
        bool anyTraining = false, anyValidation = _split.Validation == 0;
        using ISequenceRows rows = _rows.Read();
        for (int row = 0; rows.MoveNext(); row++)
        {
            bool counts = rows.Weights.ContainsAnyExcept(0f);
            if (!_split.IsTraining(row))
            {
                anyValidation |= counts;
                continue;
            }

            anyTraining |= counts;
            labels.Add(rows.Targets, rows.Weights);
            features?.Add(rows.Values);
        }

        if (anyTraining && anyValidation) return;
        string subject = _options.ExampleWeightColumnName is { } weight ? $"Weight column '{weight}' must be above 0" : $"Label column '{_options.LabelColumnName}' must have a label";
        throw new InvalidDataException(anyTraining
            ? $"{subject} in some validation row, but in all {_split.Validation} there is none.{Environment.NewLine}Hint: pass validation data of your own, or set {nameof(_options.ValidationFraction)} to 0."
            : $"{subject} in some training row, but is {(_options.ExampleWeightColumnName is null ? "missing" : "0")} in all {_split.Training}.");
    }

    private void CheckEnough()
    {
        string rest = LeftOut == 0 ? "" : $" ({LeftOut} were skipped, because their sequence has no time step or a value that is NaN or infinite, first row {_rows.FirstLeftOut})";
        if (_split.Training == 0)
            throw new InvalidDataException(
                $"Column '{_options.FeatureColumnName}' must have sequences for training, but of {Rows} rows {_split.Validation} are for validation and none is left{rest}."
                + $"{Environment.NewLine}Hint: check that the data has rows, or set {nameof(_options.ValidationFraction)} to 0.");
        if (_ownValidation && _split.Validation == 0)
            throw new InvalidDataException($"The validation data must have sequences in column '{_options.FeatureColumnName}', but has none{rest}.");
    }
}
