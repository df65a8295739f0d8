namespace MlnetClip.Build;

/// <summary>An error that is shown to the user as its message alone, without a stack trace.</summary>
/// <param name="message">What happened; lines beginning with "Hint: " say what to do.</param>
/// <param name="exitCode">1 for a failed run, 2 for wrong arguments.</param>
internal sealed class BuildException(string message, int exitCode = 1) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
