using MlnetClip.Checkpoints;
using MlnetClip.Settings;
using MlnetClip.Training;

namespace MlnetClip;

/// <summary>The options that all trainers of this package share: how the network is sized, trained, stopped and watched.</summary>
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

    /// <summary>Stacked recurrent layers, from 1 to 1000. Default: 1.</summary>
    public int NumberOfLayers { get; set; } = 1;

    /// <summary>Sequences (a forecaster's windows) per training step, 1 or more. Default: 32.</summary>
    public int BatchSize { get; set; } = 32;

    /// <summary>Passes over the training sequences, 1 or more. Default: 30.</summary>
    public int NumberOfEpochs { get; set; } = Defaults.NumberOfEpochs;

    /// <summary>Learning rate, above 0 and at most 1000. Default: 0.002.</summary>
    public float LearningRate { get; set; } = Defaults.LearningRate;

    /// <summary>How the learning rate changes over the fit. Default: constant.</summary>
    public Schedule LearningRateSchedule { get; set; } = Schedule.Constant();

    /// <summary>The optimizer. Default: adam.</summary>
    public Optimizer Optimizer { get; set; } = Optimizer.Adam();

    /// <summary>How gradients are clipped, between the backward pass and the optimizer. Default: norm:1, the global norm at most 1.</summary>
    public GradientClipping Clipping { get; set; } = Defaults.Clipping;

    /// <summary>What happens when a gradient is NaN or infinite. Default: throw.</summary>
    public NonFinitePolicy NonFinite { get; set; } = NonFinitePolicy.Throw;

    /// <summary>
    /// Share of the rows on which training is validated when no validation data are given: 0 or more and below 1; the number of
    /// rows is rounded up. A forecaster takes the last rows, the other trainers take rows at random. With validation the weights
    /// of the best epoch are kept. Default: 0.1.
    /// </summary>
    public double ValidationFraction { get; set; } = 0.1;

    /// <summary>Stops when the validation loss no longer falls. Needs validation. Default: null for never.</summary>
    public EarlyStopping? EarlyStopping { get; set; }

    /// <summary>The engine that trains. Default: managed.</summary>
    public TrainingBackend Backend { get; set; } = TrainingBackend.Managed;

    /// <summary>
    /// Whether the fit measures what each time step contributes to the gradient, so that its verdict can detect a vanishing one.
    /// One training step in eight is measured, which costs about a hundredth of the time and changes nothing else. Default: false.
    /// </summary>
    public bool MeasureTimeSteps { get; set; }

    /// <summary>
    /// Threads that train, from 1 to 1024; the result does not depend on it. Default: null for one per processor, but at most
    /// one for each 8 sequences of a batch, since smaller shares cost more than they bring.
    /// </summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>Called after every epoch, on the training thread. Default: none.</summary>
    public Action<EpochReport>? MetricsCallback { get; set; }

    /// <summary>Sees the fit begin, every step, every epoch and the end, on the training thread; it counts as training time. Default: none.</summary>
    public IFitObserver? Observer { get; set; }

    /// <summary>
    /// A file that keeps where the fit stands, written after every epoch and on cancellation. Where it exists, a fit of the same options,
    /// seed, data and warm start resumes from it, with the same bits as if it had never stopped; <see cref="NumberOfEpochs"/> may have
    /// grown. Needs a seed in <c>MLContext</c>. One fit at a time may use a file; a second one is refused. Default: null for none.
    /// </summary>
    public string? CheckpointPath { get; set; }

    /// <summary>Stops the training with an <see cref="OperationCanceledException"/>. Default: none.</summary>
    public CancellationToken CancellationToken { get; set; }

    internal int Threads => NumberOfThreads ?? Math.Clamp(BatchSize / 8, 1, Math.Min(Environment.ProcessorCount, 1024));

    /// <summary>Every option that shapes the model, in text form; threads and callbacks do not.</summary>
    internal abstract IReadOnlyDictionary<string, string> Describe();

    /// <summary>A copy of the same type.</summary>
    internal LstmTrainerOptions Clone() => (LstmTrainerOptions)MemberwiseClone();

    /// <summary>Adds the errors of what the options ask of a fit.</summary>
    /// <param name="errors">Receives them.</param>
    /// <param name="hasValidationData">Whether the fit was given validation data.</param>
    /// <param name="hasSeed">Whether the context has a seed.</param>
    internal void CheckFit(OptionErrors errors, bool hasValidationData, bool hasSeed)
    {
        if (EarlyStopping is not null && !hasValidationData && ValidationFraction == 0)
            errors.Add(nameof(EarlyStopping), "must be null without validation", "set", $"give validation data, or set {nameof(ValidationFraction)} above 0.");
        if (CheckpointPath is not { } checkpoint) return;
        if (!hasSeed)
            errors.Add(nameof(CheckpointPath), "must be null without a seed, since a random fit cannot be resumed", $"'{checkpoint}'", "give MLContext a seed: new MLContext(seed: 1).");
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(checkpoint))))
            errors.Add(nameof(CheckpointPath), "must be in a folder that exists", $"'{checkpoint}'");
    }

    /// <summary>The options of the training loop.</summary>
    /// <param name="seed">Decides the order of the sequences and the dropout masks.</param>
    /// <param name="identity">What else must be equal for a checkpoint to be resumed.</param>
    internal TrainingOptions ForTraining(ulong seed, IEnumerable<CheckpointField> identity) => new()
    {
        Epochs = NumberOfEpochs,
        BatchSize = BatchSize,
        LearningRate = LearningRate,
        Schedule = LearningRateSchedule,
        Optimizer = Optimizer,
        Clipping = Clipping,
        NonFinite = NonFinite,
        MeasureTimeSteps = MeasureTimeSteps,
        EarlyStopping = EarlyStopping,
        Seed = seed,
        CheckpointPath = CheckpointPath,
        CheckpointIdentity =
        [
            .. Describe().Where(option => option.Key != nameof(NumberOfEpochs)).Select(option => new CheckpointField(option.Key, option.Value)),
            .. identity,
        ],
    };
}
