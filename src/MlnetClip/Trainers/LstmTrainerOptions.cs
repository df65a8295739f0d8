using MlnetClip.Checkpoints;
using MlnetClip.Settings;
using MlnetClip.Training;

namespace MlnetClip;

/// <summary>The options that all trainers of this package share: sizes of the network, training, stopping and observation.</summary>
public abstract class LstmTrainerOptions
{
    private protected LstmTrainerOptions()
    {
    }

    /// <summary>The defaults, for the library and the tool alike.</summary>
    internal static class Defaults
    {
        public const int HiddenSize = 32;
        public const int NumberOfEpochs = 30;
        public const float LearningRate = 2e-3f;

        public static GradientClipping Clipping { get; } = GradientClipping.ByGlobalNorm(1);
    }

    /// <summary>Units of each recurrent layer, 1 or more. Default: 32.</summary>
    public int HiddenSize { get; set; } = Defaults.HiddenSize;

    /// <summary>The number of stacked recurrent layers, from 1 to 1000. Default: 1.</summary>
    public int NumberOfLayers { get; set; } = 1;

    /// <summary>The initial forget-gate bias (the sum of both biases), finite; 1 is a common choice; larger ones let gradients reach further back. For LSTM cells only. Default: null for PyTorch's initialization.</summary>
    public float? ForgetGateBias { get; set; }

    /// <summary>The number of sequences (windows, for a forecaster) per training step, 1 or more. Default: 32.</summary>
    public int BatchSize { get; set; } = 32;

    /// <summary>
    /// Passes over the training sequences, 0 or more. With 0 no training step is made, and the model has the weights that it begins with: of <see cref="InitialWeights"/> or of a model to
    /// start from, one of which must be given. Default: 30.
    /// </summary>
    public int NumberOfEpochs { get; set; } = Defaults.NumberOfEpochs;

    /// <summary>
    /// Learning rate, above 0 and at most 1000; null to find one by a short sweep before each fit (<see cref="LearningRateFinder"/>), which belongs to the clipping and is in
    /// <see cref="LstmTrainingReport.LearningRateReason"/>. Default: 0.002.
    /// </summary>
    public float? LearningRate { get; set; } = Defaults.LearningRate;

    /// <summary>How the learning rate changes over the fit. Default: constant.</summary>
    public Schedule LearningRateSchedule { get; set; } = Schedule.Constant();

    /// <summary>The optimizer. Default: adam.</summary>
    public Optimizer Optimizer { get; set; } = Optimizer.Adam();

    /// <summary>How gradients are clipped, between the backward pass and the optimizer. Default: norm:1, the global norm at most 1.</summary>
    public GradientClipping Clipping { get; set; } = Defaults.Clipping;

    /// <summary>
    /// Batches per training step, from 1 to 1000000: their gradients are added up, with one clip and one update for all of them, as for a batch of their size. Default: 1.
    /// </summary>
    public int AccumulatedBatches { get; set; } = 1;

    /// <summary>
    /// Noise that is added to every element of the clipped gradient, 0 or more: its standard deviation in the first step, which falls with (1 + step)^0.275. Default: 0.
    /// </summary>
    public float GradientNoise { get; set; }

    /// <summary>
    /// Which average of the weights is validated and kept instead of the weights themselves: <c>ema:0.999</c> or <c>swa:0.75</c>; see <see cref="MlnetClip.WeightAveraging"/>. Default: null for none.
    /// </summary>
    public WeightAveraging? WeightAveraging { get; set; }

    /// <summary>
    /// Parameters that are not trained: <c>layer0</c>, <c>body</c> for all but the head, a parameter's name with <c>*</c>, or several joined by <c>+</c>. Makes sense with a model to start
    /// from. Default: null for none.
    /// </summary>
    public FrozenParameters? Frozen { get; set; }

    /// <summary>What happens when a gradient is NaN or infinite. Default: throw.</summary>
    public NonFinitePolicy NonFinite { get; set; } = NonFinitePolicy.Throw;

    /// <summary>
    /// The share of the rows that are used for validation when no validation data is given, 0 or more and below 1; the number of
    /// rows is rounded up. A forecaster uses the last rows, other trainers use random rows. With validation, the weights
    /// of the best epoch are kept. Default: 0.1.
    /// </summary>
    public double ValidationFraction { get; set; } = 0.1;

    /// <summary>When to stop because the validation loss no longer decreases. Needs validation. Default: null for never.</summary>
    public EarlyStopping? EarlyStopping { get; set; }

    /// <summary>
    /// The engine that trains: <see cref="TrainingBackend.Managed"/>, or <c>TorchSharpBackend.Default</c> of the package MlnetClip.TorchSharp for libtorch. Prediction does not depend
    /// on it. Default: managed.
    /// </summary>
    public TrainingBackend Backend { get; set; } = TrainingBackend.Managed;

    /// <summary>
    /// Whether the fit measures what each time step contributes to the gradient, so that a vanishing gradient can be detected.
    /// One training step in eight is measured, which takes about a hundredth of the time and has no other effect. Default: false.
    /// </summary>
    public bool MeasureTimeSteps { get; set; }

    /// <summary>
    /// The number of training threads, from 1 to 1024; the result of the managed engine does not depend on it. Default: null for one per processor, but at most
    /// one for each 8 sequences of a batch, because smaller shares are slower.
    /// </summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>Called after every epoch, on the training thread. Default: none.</summary>
    public Action<EpochReport>? MetricsCallback { get; set; }

    /// <summary>Is notified of the start of the fit, every step, every epoch and the end, on the training thread; several are one by <see cref="FitObservers.Of"/>. Default: none.</summary>
    public IFitObserver? Observer { get; set; }

    /// <summary>
    /// The checkpoint file, written at every <see cref="CheckpointInterval"/>, at the end and on cancellation. If it exists, a fit with the same options,
    /// seed, data and starting model resumes from it, with bit-identical results; <see cref="NumberOfEpochs"/> may be larger, unless the schedule
    /// depends on it. Needs a seed in <c>MLContext</c> or in the <see cref="FitScope"/>. Only one fit at a time can use a file; a second one is refused. Default: null for none.
    /// </summary>
    public string? CheckpointPath { get; set; }

    /// <summary>
    /// Weights that training begins with, instead of random ones: of a model that another program trained. Names and shapes must fit the model. The scaling of features and of a regression's
    /// label is taken into account, so that the model begins with the predictions of that model; the windows of a forecaster are scaled as its options say. Default: null for random weights.
    /// </summary>
    public InitialWeights? InitialWeights { get; set; }

    /// <summary>
    /// When the checkpoint is written: <c>1epoch</c>, <c>500steps</c>, <c>10minutes</c>. A checkpoint that cannot be written, for example on a full disk, is a warning, and the fit goes
    /// on. Default: 1epoch.
    /// </summary>
    public CheckpointInterval CheckpointInterval { get; set; } = CheckpointInterval.EveryEpochs(1);

    /// <summary>
    /// The number of checkpoints that are kept, from 1 to 1000. The older ones have the names of <see cref="CheckpointPath"/> with .1, .2 and so on. Where the newest is damaged, the fit
    /// resumes from the one before it, with a warning. Default: 1.
    /// </summary>
    public int KeptCheckpoints { get; set; } = 1;

    /// <summary>Stops the training with an <see cref="OperationCanceledException"/>. Default: none.</summary>
    public CancellationToken CancellationToken { get; set; }

    internal int Threads => NumberOfThreads ?? Math.Clamp(BatchSize / 8, 1, Math.Min(Environment.ProcessorCount, 1024));

    /// <summary>Every option that affects the model, in text form; not threads and callbacks.</summary>
    internal abstract IReadOnlyDictionary<string, string> Describe();

    /// <summary>A copy of the same type.</summary>
    internal virtual LstmTrainerOptions Clone() => (LstmTrainerOptions)MemberwiseClone();

    /// <summary>Adds the errors of options that do not match the fit.</summary>
    /// <param name="errors">Receives them.</param>
    /// <param name="hasValidationData">Whether the fit has separate validation data.</param>
    /// <param name="hasSeed">Whether the context, or the scope, has a seed.</param>
    /// <param name="hasStart">Whether the fit starts from a model.</param>
    internal void CheckFit(OptionErrors errors, bool hasValidationData, bool hasSeed, bool hasStart = false)
    {
        if (EarlyStopping is not null && !hasValidationData && ValidationFraction == 0)
            errors.Add(nameof(EarlyStopping), "must be null without validation", "set", $"pass validation data, or set {nameof(ValidationFraction)} above 0.");
        if (LearningRateSchedule.NeedsValidationLoss && !hasValidationData && ValidationFraction == 0)
            errors.Add(nameof(LearningRateSchedule), "must not depend on the validation loss without validation", $"'{LearningRateSchedule}'", $"pass validation data, or set {nameof(ValidationFraction)} above 0.");
        if (NumberOfEpochs == 0 && !hasStart && InitialWeights is not { KeepsHead: true })
            errors.Add(nameof(NumberOfEpochs), "must be 1 or more where training begins with random weights", "0", $"set {nameof(InitialWeights)}, with their head, to keep those weights as they are.");
        if (InitialWeights is not null && hasStart)
            errors.Add(nameof(InitialWeights), "must be null where training starts from a model", "set");
        if (CheckpointPath is not { } checkpoint) return;
        if (!hasSeed)
            errors.Add(nameof(CheckpointPath), "must be null without a seed, because a random fit cannot be resumed", $"'{checkpoint}'", "pass a seed to MLContext: new MLContext(seed: 1).");
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(checkpoint))))
            errors.Add(nameof(CheckpointPath), "must be in a folder that exists", $"'{checkpoint}'");
    }

    /// <summary>The options of the training loop.</summary>
    /// <param name="seed">The seed of the order of the sequences and the dropout masks.</param>
    /// <param name="identity">Further fields that must be equal for a checkpoint to be resumed.</param>
    internal TrainingOptions ForTraining(ulong seed, IEnumerable<CheckpointField> identity) => new()
    {
        Epochs = NumberOfEpochs,
        BatchSize = BatchSize,
        LearningRate = LearningRate ?? Defaults.LearningRate,
        Schedule = LearningRateSchedule,
        Optimizer = Optimizer,
        Clipping = Clipping,
        AccumulatedBatches = AccumulatedBatches,
        GradientNoise = GradientNoise,
        WeightAveraging = WeightAveraging,
        Frozen = Frozen,
        NonFinite = NonFinite,
        MeasureTimeSteps = MeasureTimeSteps,
        EarlyStopping = EarlyStopping,
        Seed = seed,
        CheckpointPath = CheckpointPath,
        CheckpointInterval = CheckpointInterval,
        KeptCheckpoints = KeptCheckpoints,
        CheckpointIdentity =
        [
            .. Describe().Where(option => option.Key != nameof(NumberOfEpochs)).Select(option => new CheckpointField(option.Key, option.Value)),
            .. identity,
        ],
    };
}
