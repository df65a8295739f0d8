namespace MlnetClip;

/// <summary>From where a resumed fit went on.</summary>
/// <param name="Epochs">Epochs that the checkpoint had finished.</param>
/// <param name="Steps">Training steps that it had made.</param>
/// <param name="RequestedEpochs">Epochs that the options of the resumed fit ask for.</param>
public sealed record ResumePoint(int Epochs, long Steps, int RequestedEpochs)
{
    /// <summary>True when the checkpoint had more epochs than the options ask for: the model then has more training than was asked for.</summary>
    public bool HasMoreEpochsThanRequested => Epochs > RequestedEpochs;
}
