namespace MlnetClip;

/// <summary>Why a trial failed.</summary>
/// <param name="Kind">The kind of failure.</param>
/// <param name="Message">What happened, in a sentence.</param>
public sealed record TrialFailure(FailureKind Kind, string Message)
{
    /// <summary>The kind and the message in one line.</summary>
    public override string ToString() => $"{Kind}: {Message.ReplaceLineEndings(" ")}";
}
