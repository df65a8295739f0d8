namespace MlnetClip;

/// <summary>The point at which a resumed fit continued.</summary>
/// <param name="Epochs">Epochs that the checkpoint had finished.</param>
/// <param name="Steps">Training steps that it had finished.</param>
/// <param name="RequestedEpochs">Epochs that the options of the resumed fit specify.</param>
public sealed record ResumePoint(int Epochs, long Steps, int RequestedEpochs)
{
    /// <summary>Newer checkpoints that are damaged, each with the reason; the fit resumed from the newest one that is not. Empty where there was none.</summary>
    public IReadOnlyList<string> Damaged { get; init; } = [];

    /// <summary>True when the checkpoint had more epochs than the options specify, so that the model is trained for longer than specified.</summary>
    public bool HasMoreEpochsThanRequested => Epochs > RequestedEpochs;
}
