using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli;

/// <summary>Prints the version of the tool.</summary>
internal sealed class PrintVersion(Terminal terminal) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        string version = typeof(Tool).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        terminal.Output.WriteLine($"mlnetclip {version.Split('+')[0]}");
        return ExitCode.Success;
    }
}
