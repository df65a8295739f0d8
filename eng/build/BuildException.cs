namespace MlnetClip.Build;

/// <summary>Something that the user is told in its own words, without a stack trace.</summary>
/// <param name="message">What happened; lines beginning with "Hint: " say what to do.</param>
/// <param name="exitCode">1 for a failed run, 2 for wrong arguments.</param>
internal sealed class BuildException(string message, int exitCode = 1) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
