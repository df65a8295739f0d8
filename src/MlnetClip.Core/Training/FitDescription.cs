namespace MlnetClip;

/// <summary>Describes a fit to observers before its first step.</summary>
/// <param name="Epochs">The number of epochs, unless the fit stops early.</param>
/// <param name="Clipping">The clipping setting.</param>
/// <param name="Options">Every option that affects the fit, by name, in text form.</param>
/// <param name="Data">The identity of the data: the number of rows, the number for training, and a hash of the values. Empty where the caller of the loop gave none.</param>
/// <param name="HasValidation">Whether there is validation after each epoch.</param>
/// <param name="CheckpointPath">The checkpoint file; null for none.</param>
public sealed record FitDescription(
    int Epochs, GradientClipping Clipping, IReadOnlyDictionary<string, string> Options, string Data, bool HasValidation, string? CheckpointPath)
{
    /// <summary>Training steps of an epoch.</summary>
    public long StepsPerEpoch { get; init; }

    /// <summary>The number of weights of the model.</summary>
    public long Weights { get; init; }

    /// <summary>The learning rate, before its schedule.</summary>
    public float LearningRate { get; init; } = float.NaN;

    /// <summary>The sweep that found the learning rate; null where it was given.</summary>
    public LearningRateSweep? Sweep { get; init; }

    /// <summary>The point at which the fit resumes from a checkpoint; null for a new fit.</summary>
    public ResumePoint? Resumed { get; init; }
}
