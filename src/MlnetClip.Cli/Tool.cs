using System.CommandLine;
using System.CommandLine.Help;
using System.Reflection;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Commands;
using MlnetClip.Cli.Output;
using MlnetClip.Cli.Tasks;
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
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation = default)
    {
        Command root = CreateRoot(terminal);
        ArgumentErrors checks = ArgumentErrors.Take(root);
        ParseResult arguments = root.Parse(args, Parser);
        if (checks.Report(arguments, terminal)) return ExitCode.WrongInput;
        try
        {
            return await arguments.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = terminal.Output, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
                },
                cancellation);
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
            // These are expected; any other exception is a bug in the tool, and its stack trace is shown.
            terminal.Fail(e is TrainingDivergedException or IOException or UnauthorizedAccessException ? e.Message : e.ToString());
            return ExitCode.Failed;
        }
    }

    /// <summary>The commands.</summary>
    internal static Command CreateRoot(Terminal terminal)
    {
        var version = new VersionOption { Action = new PrintVersion(terminal) };
        return new Command("mlnetclip", "LSTM models with gradient clipping for ML.NET, from CSV files: forecasting, regression, classification and labeling.")
        {
            Train(terminal),
            new Command("tune", "finds how to clip gradients") { TuneForecastingCommand.Create(terminal) },
            EvaluateCommand.Create(terminal),
            PredictCommand.Create(terminal),
            InspectCommand.Create(terminal),
            new HelpOption { Recursive = true },
            version,
        };
    }

    private static Command Train(Terminal terminal)
    {
        var train = new Command("train", "trains a model") { TrainForecastingCommand.Create(terminal) };
        foreach (SequenceCommand kind in SequenceCommand.All) train.Subcommands.Add(TrainSequencesCommand.Create(terminal, kind));
        return train;
    }

    private sealed class PrintVersion(Terminal terminal) : System.CommandLine.Invocation.SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            string version = typeof(Tool).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
            terminal.Output.WriteLine($"mlnetclip {version.Split('+')[0]}");
            return ExitCode.Success;
        }
    }
}
