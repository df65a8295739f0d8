using System.CommandLine;
using System.CommandLine.Help;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Commands;
using MlnetClip.Cli.Help;
using MlnetClip.Cli.Output;
using MlnetClip.Cli.Tasks;

namespace MlnetClip.Cli;

/// <summary>
/// The commands of the tool. The options of a command come from trainers and engines, whose libraries take longer to load than the help takes to print:
/// a command that the arguments do not name has only its name and its description.
/// </summary>
internal sealed class CommandTree
{
    private readonly Dictionary<Command, string> _examples = [];
    private readonly Terminal _terminal;
    private readonly IReadOnlyList<string>? _args;

    private CommandTree(Terminal terminal, IReadOnlyList<string>? args) => (_terminal, _args) = (terminal, args);

    /// <summary>The root command.</summary>
    /// <param name="terminal">Where the commands write.</param>
    /// <param name="args">The arguments that will be parsed; null for every command with all its options.</param>
    public static Command Create(Terminal terminal, IReadOnlyList<string>? args) => new CommandTree(terminal, args).Root();

    private Command Root()
    {
        var help = new HelpOption { Recursive = true, Action = new PrintHelp(_examples) };
        return new Command("mlnetclip", "LSTM models with gradient clipping for ML.NET, from CSV files: forecasting, regression, classification and labeling.")
        {
            Train(),
            Tune(),
            Add("backtest", [], BacktestCommand.Description, () => BacktestCommand.Create(_terminal), "backtest --data co2.csv --target co2 --time date --season 52 --window 104 --horizon 26 --folds 5 --fold-rows 52"),
            Add("evaluate", [], EvaluateCommand.Description, () => EvaluateCommand.Create(_terminal), "evaluate --model co2.zip --data co2.csv"),
            Add("predict", [], PredictCommand.Description, () => PredictCommand.Create(_terminal), "predict --model co2.zip --data co2.csv --out forecast.csv"),
            Full(InspectCommand.Create(_terminal), "inspect co2.zip"), // its argument is in the help of the tool
            Add("export", [], ExportCommand.Description, () => ExportCommand.Create(_terminal), "export --model co2.zip --onnx co2.onnx"),
            help,
            new VersionOption { Action = new PrintVersion(_terminal) },
        };
    }

    private Command Train()
    {
        var train = new Command("train", "trains a model")
        {
            Add("forecasting", [], TrainForecastingCommand.Description, () => TrainForecastingCommand.Create(_terminal),
                "train forecasting --data co2.csv --target co2 --time date --season 52 --window 104 --horizon 26 --model co2.zip", "train"),
        };
        foreach (SequenceCommand kind in SequenceCommand.All)
            train.Subcommands.Add(Add(kind.Name, kind.Aliases, kind.Trains, () => TrainSequencesCommand.Create(_terminal, kind), $"train {kind.Name} {kind.Example} --model model.zip", "train"));
        return train;
    }

    private Command Tune()
    {
        var tune = new Command("tune", "finds how to clip gradients")
        {
            Add("forecasting", [], TuneForecastingCommand.Description, () => TuneForecastingCommand.Create(_terminal),
                "tune forecasting --data co2.csv --target co2 --window 52 --horizon 12 --study study.db --model best.zip", "tune"),
        };
        foreach (SequenceCommand kind in SequenceCommand.All)
            tune.Subcommands.Add(Add(kind.Name, kind.Aliases, kind.Tunes, () => TuneSequencesCommand.Create(_terminal, kind), $"tune {kind.Name} {kind.Example} --study study.db --model best.zip", "tune"));
        return tune;
    }

    private Command Add(string name, IReadOnlyList<string> aliases, string description, Func<Command> create, string example, string? parent = null)
    {
        // The parser can only choose a command whose name is among the arguments, as is that of the command around it.
        if ((parent is null || IsGiven(parent)) && (IsGiven(name) || aliases.Any(IsGiven))) return Full(create(), example);
        var command = new Command(name, description);
        foreach (string alias in aliases) command.Aliases.Add(alias);
        return command;
    }

    private bool IsGiven(string name) => _args is null || _args.Contains(name);

    private Command Full(Command command, string example)
    {
        _examples[command] = example;
        if (command.Options.All(option => option.Name != "--config")) ConfigFile.AddTo(command);
        return command;
    }
}
