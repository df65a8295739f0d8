namespace MlnetClip.Cli;

/// <summary>Wrong arguments or input: the tool prints the message and the hint and exits with 2.</summary>
internal sealed class InputException(string message, string? hint = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What usually fixes it, or null.</summary>
    public string? Hint { get; } = hint;
}
