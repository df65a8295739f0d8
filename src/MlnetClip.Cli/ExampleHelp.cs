using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MlnetClip.Cli;

/// <summary>The help of a command, with an example at its end.</summary>
/// <param name="help">The help without it.</param>
/// <param name="examples">The arguments of the examples, by command.</param>
internal sealed class ExampleHelp(HelpAction help, IReadOnlyDictionary<Command, string> examples) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        if (examples.TryGetValue(parseResult.CommandResult.Command, out string? example))
            parseResult.InvocationConfiguration.Output.WriteLine($"Example:{Environment.NewLine}  mlnetclip {example}{Environment.NewLine}");
        return code;
    }
}
