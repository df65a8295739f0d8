using MlnetClip.Checkpoints;
using MlnetClip.Optimizers;
using MlnetClip.Schedules;
using MlnetClip.Settings;

namespace MlnetClip.Training;

/// <summary>Everything that a fit needs apart from the model and the data.</summary>
public sealed record TrainingOptions
{
    /// <summary>The legal ranges, as data.</summary>
    public static IReadOnlyList<OptionRange> Ranges { get; } =
    [
        new(nameof(Epochs), 0, int.MaxValue),
        new(nameof(BatchSize), 1, int.MaxValue),
        new(nameof(LearningRate), 0, 1000, MinimumLegal: false),
        new(nameof(KeptCheckpoints), 1, 1000),
        new(nameof(AccumulatedBatches), 1, 1_000_000),
        new(nameof(GradientNoise), 0),
    ];

    /// <summary>Passes over the training sequences, 0 or more; default 30. With 0 no step is made, and the backend keeps the weights that it has.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Sequences per step, 1 or more; default 32. The last batch of an epoch may be smaller.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Learning rate, above 0 and at most 1000; default 0.001.</summary>
    public float LearningRate { get; init; } = 1e-3f;

    /// <summary>Schedule of the factor on the learning rate; default constant.</summary>
    public Schedule Schedule { get; init; } = Schedule.Constant();

    /// <summary>The optimizer; default Adam.</summary>
    public Optimizer Optimizer { get; init; } = Optimizer.Adam();

    /// <summary>How gradients are clipped, after the backward pass and before weight decay and the update; default no clipping.</summary>
    public GradientClipping Clipping { get; init; } = GradientClipping.None;

    /// <summary>
    /// Batches per step, from 1 to 1000000; default 1. Their gradients are added up before clipping, so that there is one norm, one clip and one update for all of them, as for a batch of their size.
    /// The last step of an epoch may have fewer.
    /// </summary>
    public int AccumulatedBatches { get; init; } = 1;

    /// <summary>
    /// Noise that is added to every element of the clipped gradient, 0 or more: its standard deviation in the first step, which falls with (1 + step)^0.275 (Neelakantan et al. 2015). Default 0 for none.
    /// </summary>
    public float GradientNoise { get; init; }

    /// <summary>Which average of the weights is validated and kept; null (the default) for the weights themselves.</summary>
    public WeightAveraging? WeightAveraging { get; init; }

    /// <summary>The parameters that are not trained; null (the default) to train all of them.</summary>
    public FrozenParameters? Frozen { get; init; }

    /// <summary>What happens when a gradient is NaN or infinite; the default is to throw.</summary>
    public NonFinitePolicy NonFinite { get; init; } = NonFinitePolicy.Throw;

    /// <summary>
    /// Whether the norm of what each time step contributes to the gradient is measured, so that a vanishing gradient can be
    /// detected. One training step in eight is measured, which takes about a hundredth of the time. Default false.
    /// </summary>
    public bool MeasureTimeSteps { get; init; }

    /// <summary>When to stop early; null (the default) for never. Needs validation sequences.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>Whether the sequences are shuffled in every epoch; default true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>The seed of the order of the sequences and the dropout masks; default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// The path of the checkpoint, which is written to a temporary file and renamed; null (the default) for none. One that cannot be written, for example on a full disk, is
    /// reported to observers, and the fit goes on.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Further fields that must be equal for a checkpoint to be resumed, such as those of the model and the data, which the loop does not know. Default: none.</summary>
    public IReadOnlyList<CheckpointField> CheckpointIdentity { get; init; } = [];

    /// <summary>How observers see the fit, for a caller that knows more of it than the loop; null (the default) for a description by these options.</summary>
    public FitDescription? Description { get; init; }

    /// <summary>When checkpoints are written; default after every epoch. One is also written at the end, on cancellation and when an observer fails.</summary>
    public CheckpointInterval CheckpointInterval { get; init; } = CheckpointInterval.EveryEpochs(1);

    /// <summary>How many checkpoints are kept, from 1 to 1000; default 1. The older ones have the names of <see cref="CheckpointPath"/> with <c>.1</c>, <c>.2</c> and so on.</summary>
    public int KeptCheckpoints { get; init; } = 1;

    /// <summary>Checks all options and reports every error together.</summary>
    /// <exception cref="ArgumentException">An option is outside its range or missing.</exception>
    public void Validate()
    {
        var errors = new OptionErrors(nameof(TrainingOptions));
        errors.Check(Ranges[0], Epochs);
        errors.Check(Ranges[1], BatchSize);
        errors.Check(Ranges[2], LearningRate);
        errors.Check(Ranges[3], KeptCheckpoints);
        errors.Check(Ranges[4], AccumulatedBatches);
        errors.Check(Ranges[5], GradientNoise);
        if (CheckpointInterval is null) errors.Add(nameof(CheckpointInterval), "must be set", "null");
        if (Schedule is null) errors.Add(nameof(Schedule), "must be set", "null");
        else Schedule.CheckFactor(errors, nameof(Schedule));
        if (Optimizer is null) errors.Add(nameof(Optimizer), "must be set", "null");
        if (Clipping is null) errors.Add(nameof(Clipping), "must be set", "null", "GradientClipping.None switches clipping off.");
        if (CheckpointIdentity is null) errors.Add(nameof(CheckpointIdentity), "must be set", "null", "an empty list means that nothing else must be equal.");
        if (NonFinite is null) errors.Add(nameof(NonFinite), "must be set", "null");
        errors.ThrowIfAny();
    }
}
