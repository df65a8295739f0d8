namespace MlnetClip.Search.Running;

/// <summary>Thrown by an objective whose trial failed in a way that the study should record.</summary>
/// <param name="kind">The way.</param>
/// <param name="message">What happened, in a sentence.</param>
public sealed class TrialFailedException(FailureKind kind, string message) : Exception(message)
{
    /// <summary>The way.</summary>
    public FailureKind Kind { get; } = kind;
}
