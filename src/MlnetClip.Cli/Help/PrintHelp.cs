using System.CommandLine;
using System.CommandLine.Invocation;

namespace MlnetClip.Cli.Help;

/// <summary>Prints the help of a command, with an example at its end.</summary>
/// <param name="examples">The arguments of the examples, by command.</param>
internal sealed class PrintHelp(IReadOnlyDictionary<Command, string> examples) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int width = Console.IsOutputRedirected ? int.MaxValue : Console.WindowWidth;
        parseResult.InvocationConfiguration.Output.Write(HelpText.Of(parseResult.CommandResult, examples.GetValueOrDefault(parseResult.CommandResult.Command), width));
        return ExitCode.Success;
    }
}
