namespace MlnetClip.Search.Running;

/// <summary>Thrown by an objective to record the kind of its failure.</summary>
/// <param name="kind">The kind of failure.</param>
/// <param name="message">What happened, in a sentence.</param>
public sealed class TrialFailedException(FailureKind kind, string message) : Exception(message)
{
    /// <summary>The kind of failure.</summary>
    public FailureKind Kind { get; } = kind;
}
