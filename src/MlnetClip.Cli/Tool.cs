using System.CommandLine;
using System.CommandLine.Invocation;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Help;
using MlnetClip.Cli.Output;
using MlnetClip.Clipping;

namespace MlnetClip.Cli;

/// <summary>Runs the tool: parses the arguments, runs a command, and turns exceptions into a message on standard error and an exit code.</summary>
internal static class Tool
{
    private static readonly ParserConfiguration Parser = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    /// <summary>Runs the tool.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="terminal">Where it writes.</param>
    /// <param name="cancellation">Ends the command cleanly.</param>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation = default)
    {
        Command root = CommandTree.Create(terminal, args);
        ArgumentErrors checks = ArgumentErrors.Take(root);
        ParseResult arguments;
        try
        {
            arguments = ConfigFile.Parse(root, args, Parser, terminal);
        }
        catch (InputException e)
        {
            terminal.Fail(e.Message, e.Hint);
            return ExitCode.WrongInput;
        }

        var invocation = new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        if (arguments.Action is not PrintHelp && checks.Report(arguments, terminal)) return ExitCode.WrongInput;
        try
        {
            return arguments.Action is SynchronousCommandLineAction ? arguments.Invoke(invocation) : arguments.InvokeAsync(invocation, cancellation).GetAwaiter().GetResult();
        }
        catch (InputException e)
        {
            terminal.Fail(e.Message, e.Hint);
            return ExitCode.WrongInput;
        }
        catch (OperationCanceledException)
        {
            terminal.Fail("cancelled; no result was written.");
            return ExitCode.Failed;
        }
        catch (Exception e)
        {
            terminal.Fail(IsExpected(e) ? e.Message : e.ToString()); // any other exception is a bug in the tool, and its stack trace is shown
            return ExitCode.Failed;
        }
    }

    /// <summary>Its own method, so that the engine is loaded only for an exception.</summary>
    private static bool IsExpected(Exception e) => e is TrainingDivergedException or IOException or UnauthorizedAccessException;

    /// <summary>All commands with all their options, for tests.</summary>
    internal static Command CreateRoot(Terminal terminal) => CommandTree.Create(terminal, args: null);
}
