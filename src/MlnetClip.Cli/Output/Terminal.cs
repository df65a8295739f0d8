using Spectre.Console;

namespace MlnetClip.Cli.Output;

/// <summary>
/// Where the tool writes: results to standard output; progress, logs and errors to standard error.
/// Tests give it two writers of their own.
/// </summary>
internal sealed class Terminal(TextWriter output, TextWriter error)
{
    private const int WidthOfAFile = 120;

    /// <summary>The process's own standard output and error.</summary>
    public static Terminal Standard() => new(Console.Out, Console.Error);

    /// <summary>Standard output: results, and with <c>--json</c> one object and nothing else.</summary>
    public TextWriter Output { get; } = output;

    /// <summary>Standard error.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>Standard output for tables.</summary>
    public IAnsiConsole OutputConsole => field ??= Create(Output); // created when needed: the help and errors do not wait for the library

    /// <summary>Standard error for live progress.</summary>
    public IAnsiConsole ErrorConsole => field ??= Create(Error);

    /// <summary>Writes a message about what is going on.</summary>
    public void Log(string message) => Error.WriteLine(OneMessage(message));

    /// <summary>Writes an error and its hint.</summary>
    public void Fail(string message, string? hint = null)
    {
        Error.WriteLine($"error: {OneMessage(message)}");
        if (hint is not null) Error.WriteLine($"Hint: {OneMessage(hint)}");
    }

    /// <summary>
    /// The message without control characters. Its lines after the first are indented unless they are hints, so that text from a file
    /// cannot pass for a message of its own.
    /// </summary>
    private static string OneMessage(string message)
    {
        string[] lines = SafeText.OfLines(message).Split('\n');
        for (int i = 1; i < lines.Length; i++)
            if (!lines[i].StartsWith("Hint: ", StringComparison.Ordinal)) lines[i] = $"  {lines[i]}";
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>Colors and a moving cursor are for terminals only, not for a file or a pipe.</summary>
    private static IAnsiConsole Create(TextWriter writer)
    {
        var target = new AnsiConsoleOutput(writer);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = target,
            Ansi = target.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = target.IsTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        if (!target.IsTerminal) console.Profile.Width = WidthOfAFile;
        return console;
    }
}
