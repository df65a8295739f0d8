using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.Data;
using MlnetClip.MLNetInternals;
using static System.FormattableString;

namespace MlnetClip.Sequences;

/// <summary>The sequences that a fit trains and validates on, scaled, with the scaling that was learned from them.</summary>
internal sealed class SequenceTrainingData
{
    private readonly SequenceReader _reader;
    private readonly LstmSequenceTrainerOptions _options;
    private readonly bool _ownValidation;

    /// <summary>Reads, splits and scales the sequences.</summary>
    /// <param name="host">For schema errors.</param>
    /// <param name="options">The trainer's options.</param>
    /// <param name="task">What labels are.</param>
    /// <param name="trainData">The training data.</param>
    /// <param name="validationData">Rows to validate on; null to draw some of the others.</param>
    /// <param name="start">A model whose scaling is kept; null to learn one.</param>
    /// <param name="splitSeed">Decides which rows validate where they are drawn.</param>
    public SequenceTrainingData(
        IHost host, LstmSequenceTrainerOptions options, TaskTraining task, IDataView trainData, IDataView? validationData, LstmModelParameters? start, ulong splitSeed)
    {
        (_options, _ownValidation) = (options, validationData is not null);
        Input = Check(host, options, task, trainData);
        if (validationData is not null && Check(host, options, task, validationData) != Input)
            throw new ArgumentException($"Validation data must have the training data's kind of sequences in column '{options.FeatureColumnName}', of the same number of keys.", nameof(validationData));
        if (start is not null && start.Input != Input)
            throw new ArgumentException($"The model to start from reads {start.Input.Describe()}, but column '{options.FeatureColumnName}' holds {Input.Describe()}.", nameof(start));
        DataViewSchema.Column label = trainData.Schema[options.LabelColumnName];
        var store = new SequenceStore(Input);
        _reader = new SequenceReader(store, options, task);
        _reader.Read(trainData);
        int trainable = store.Count;
        if (validationData is not null) _reader.Read(validationData);
        var (training, validation) = Split(store.Count, trainable, splitSeed);
        CheckEnough(training, validation);
        if (!training.Any(row => store.Weights[row] > 0))
            throw new InvalidDataException($"Weight column '{options.ExampleWeightColumnName}' must be above 0 in some training row, but is 0 in all {training.Length}.");

        Identity = Invariant($"{store.Count} rows, {training.Length} for training, SHA-256 {store.Hash()}");
        Task = task.Learn(store, training, label, start?.Task);
        if (start is not null && !Task.CanStartFrom(start.Task))
        {
            string classes = Task is RegressionTask ? "" : ", of the same classes in the same order";
            throw new ArgumentException($"The model to start from must have been trained for {Task.Kind}{classes}, but was trained for {start.Task.Kind}.", nameof(start));
        }

        Scaler = start?.Scaler ?? (Input.HasKeys || !options.NormalizeFeatures ? FeatureScaler.None(Input.Features) : FeatureScaler.Learn(store, training));
        if (!Input.HasKeys) store.Scale(Scaler);
        LongestSteps = store.LongestSteps;
        Training = new SequenceSource(store, training);
        Validation = validation.Length == 0 ? null : new SequenceSource(store, validation);
    }

    /// <summary>What the sequences are made of.</summary>
    public SequenceInput Input { get; }

    /// <summary>What is predicted.</summary>
    public SequenceTask Task { get; }

    /// <summary>How features are scaled.</summary>
    public FeatureScaler Scaler { get; }

    /// <summary>The training sequences.</summary>
    public SequenceSource Training { get; }

    /// <summary>The validation sequences; null without validation.</summary>
    public SequenceSource? Validation { get; }

    /// <summary>What distinguishes these data from others, for checkpoints.</summary>
    public string Identity { get; }

    /// <summary>Time steps of the longest sequence.</summary>
    public int LongestSteps { get; }

    /// <summary>Rows read.</summary>
    public int Rows => _reader.Rows;

    /// <summary>Rows skipped.</summary>
    public int LeftOut => _reader.LeftOut;

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

    /// <summary>What users should look into.</summary>
    public IReadOnlyList<string> Warnings => LeftOut == 0 ? [] :
    [
        $"{LeftOut} of {Rows} rows were skipped, because column '{_options.FeatureColumnName}' has no time step or a value that is NaN or infinite; the first is row {_reader.FirstLeftOut} (from 0).",
    ];

    private static SequenceInput Check(IHost host, LstmSequenceTrainerOptions options, TaskTraining task, IDataView data)
    {
        SequenceSchema.Check(host, SchemaAccess.Shape(data.Schema), options, task);
        task.CheckLabel(data.Schema[options.LabelColumnName]);
        return SequenceSchema.InputOf(host, data.Schema[options.FeatureColumnName], options.FeaturesPerStep);
    }

    /// <summary>The validation rows: those after the training rows, or randomly drawn ones if there are none. In the order of the data.</summary>
    private (int[] Training, int[] Validation) Split(int rows, int trainable, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, rows)];
        int cut = trainable;
        if (!_ownValidation && _options.ValidationFraction > 0)
        {
            new SeededRandom(seed).Shuffle(order);
            cut = ForecastProtocol.Cut(rows, _options.ValidationFraction);
        }

        int[] training = order[..cut], validation = order[cut..];
        Array.Sort(training);
        Array.Sort(validation);
        return (training, validation);
    }

    private void CheckEnough(int[] training, int[] validation)
    {
        string rest = LeftOut == 0 ? "" : $" ({LeftOut} were skipped, because their sequence has no time step or a value that is NaN or infinite, first row {_reader.FirstLeftOut})";
        if (training.Length == 0)
            throw new InvalidDataException(
                $"Column '{_options.FeatureColumnName}' must have sequences for training, but of {Rows} rows {validation.Length} are for validation and none is left{rest}."
                + $"{Environment.NewLine}Hint: check that the data has rows, or set {nameof(_options.ValidationFraction)} to 0.");
        if (_ownValidation && validation.Length == 0)
            throw new InvalidDataException($"The validation data must have sequences in column '{_options.FeatureColumnName}', but has none{rest}.");
    }
}
