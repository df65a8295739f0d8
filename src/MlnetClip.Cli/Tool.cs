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
        ParseResult arguments;
        try
        {
            arguments = root.Parse(ConfigFile.Expand(root, args, Parser), Parser);
        }
        catch (InputException e)
        {
            terminal.Fail(e.Message, e.Hint);
            return ExitCode.WrongInput;
        }

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
        var examples = new Dictionary<Command, string>();
        var version = new VersionOption { Action = new PrintVersion(terminal) };
        var help = new HelpOption { Recursive = true };
        help.Action = new ExampleHelp((HelpAction)help.Action!, examples);
        var train = new Command("train", "trains a model")
        {
            With(TrainForecastingCommand.Create(terminal), "train forecasting --data co2.csv --target co2 --time date --season 52 --window 104 --horizon 26 --model co2.zip"),
        };
        var tune = new Command("tune", "finds how to clip gradients")
        {
            With(TuneForecastingCommand.Create(terminal), "tune forecasting --data co2.csv --target co2 --window 52 --horizon 12 --study study.db --model best.zip"),
        };
        foreach (SequenceCommand kind in SequenceCommand.All)
        {
            train.Subcommands.Add(With(TrainSequencesCommand.Create(terminal, kind), $"train {kind.Name} {kind.Example} --model model.zip"));
            tune.Subcommands.Add(With(TuneSequencesCommand.Create(terminal, kind), $"tune {kind.Name} {kind.Example} --study study.db --model best.zip"));
        }

        return new Command("mlnetclip", "LSTM models with gradient clipping for ML.NET, from CSV files: forecasting, regression, classification and labeling.")
        {
            train,
            tune,
            With(BacktestCommand.Create(terminal), "backtest --data co2.csv --target co2 --time date --season 52 --window 104 --horizon 26 --folds 5 --fold-rows 52"),
            With(EvaluateCommand.Create(terminal), "evaluate --model co2.zip --data co2.csv"),
            With(PredictCommand.Create(terminal), "predict --model co2.zip --data co2.csv --out forecast.csv"),
            With(InspectCommand.Create(terminal), "inspect co2.zip"),
            With(ExportCommand.Create(terminal), "export --model co2.zip --onnx co2.onnx"),
            help,
            version,
        };

        Command With(Command command, string example)
        {
            examples[command] = example;
            if (command.Options.All(option => option.Name != "--config")) ConfigFile.AddTo(command);
            return command;
        }
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
