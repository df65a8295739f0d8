using MlnetClip.Checkpoints;
using MlnetClip.Optimizers;
using MlnetClip.Settings;

namespace MlnetClip.Training;

/// <summary>Everything a fit needs beyond the model and the data.</summary>
public sealed record TrainingOptions
{
    /// <summary>The legal ranges, as data.</summary>
    public static IReadOnlyList<OptionRange> Ranges { get; } =
    [
        new(nameof(Epochs), 1, int.MaxValue),
        new(nameof(BatchSize), 1, int.MaxValue),
        new(nameof(LearningRate), 0, 1000, MinimumLegal: false),
        new(nameof(CheckpointEveryEpochs), 1, int.MaxValue),
    ];

    /// <summary>Passes over the training sequences, 1 or more; default 30.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Sequences per step, 1 or more; default 32. The last batch of an epoch holds what is left.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Learning rate, above 0; default 0.001.</summary>
    public float LearningRate { get; init; } = 1e-3f;

    /// <summary>Factor on the learning rate; default constant.</summary>
    public Schedule Schedule { get; init; } = Schedule.Constant();

    /// <summary>The optimizer; default Adam.</summary>
    public Optimizer Optimizer { get; init; } = Optimizer.Adam();

    /// <summary>How gradients are clipped, after the backward pass and before weight decay and the update; default not at all.</summary>
    public GradientClipping Clipping { get; init; } = GradientClipping.None;

    /// <summary>What happens when a gradient is NaN or infinite; default is to throw.</summary>
    public NonFinitePolicy NonFinite { get; init; } = NonFinitePolicy.Throw;

    /// <summary>
    /// Whether the norm of what each time step contributes to the gradient is measured, so that the fit's verdict can tell a
    /// vanishing gradient. One training step in eight is measured, which costs about a hundredth of the time. Default false.
    /// </summary>
    public bool MeasureTimeSteps { get; init; }

    /// <summary>When to stop early; null (the default) for never. Needs validation sequences.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>Whether the sequences are shuffled afresh every epoch; default true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Decides the order of the sequences and the dropout masks; default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>Where to write checkpoints (aside, then renamed), or null (the default) for none.</summary>
    public string? CheckpointPath { get; init; }

    /// <summary>What else must be equal for a checkpoint to be resumed: the model and the data, which the loop cannot see. Default: nothing.</summary>
    public IReadOnlyList<CheckpointField> CheckpointIdentity { get; init; } = [];

    /// <summary>Epochs between checkpoints, 1 or more; default 1. One is also written at the end and on cancellation, by token or by an observer.</summary>
    public int CheckpointEveryEpochs { get; init; } = 1;

    /// <summary>Throws every illegal option at once.</summary>
    /// <exception cref="ArgumentException">An option is outside its range or missing.</exception>
    public void Validate()
    {
        var errors = new OptionErrors(nameof(TrainingOptions));
        errors.Check(Ranges[0], Epochs);
        errors.Check(Ranges[1], BatchSize);
        errors.Check(Ranges[2], LearningRate);
        errors.Check(Ranges[3], CheckpointEveryEpochs);
        if (Schedule is null) errors.Add(nameof(Schedule), "must be set", "null");
        else Schedule.CheckFactor(errors, nameof(Schedule));
        if (Optimizer is null) errors.Add(nameof(Optimizer), "must be set", "null");
        if (Clipping is null) errors.Add(nameof(Clipping), "must be set", "null", "GradientClipping.None switches clipping off.");
        if (CheckpointIdentity is null) errors.Add(nameof(CheckpointIdentity), "must be set", "null", "an empty list says that nothing else must be equal.");
        if (NonFinite is null) errors.Add(nameof(NonFinite), "must be set", "null");
        errors.ThrowIfAny();
    }
}
