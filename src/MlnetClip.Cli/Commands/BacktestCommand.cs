using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Commands;

/// <summary><c>mlnetclip backtest</c>: trains a forecaster on the rows before each of several folds, and evaluates its forecasts of the fold's rows.</summary>
internal sealed class BacktestCommand
{
    /// <summary>What it does, for the help.</summary>
    public const string Description = "evaluates how well a forecaster forecasts rows after those that it was trained on, at several times of the past";

    private readonly SeriesArguments _series = new(stored: false);
    private readonly ForecasterArguments _forecaster = new();
    private readonly Option<int> _folds = Flag.Whole(new("--folds", 1), "COUNT", "the number of folds; the last one ends with the data", new ForecastBacktestOptions().NumberOfFolds);
    private readonly Option<int?> _foldRows = Flag.OptionalWhole(new("--fold-rows", 1), "ROWS", "the rows of a fold in each series; by default --horizon");
    private readonly Option<int?> _trainingRows = Flag.OptionalWhole(
        new("--train-rows", 1), "ROWS", "the rows of each series that a fit gets, the last ones before its fold; by default all before its fold");

    private readonly Option<int> _refit = Flag.Whole(new("--refit-every", 0), "FOLDS", "the number of folds that a fit serves; 0 for one fit, on the rows before the first fold", new ForecastBacktestOptions().RefitEvery);
    private readonly Option<int> _season = Flag.Whole(new("--season", 1), "ROWS", "the season in rows, for the baselines, MASE and --scaling SeasonalDifference", 1);
    private readonly StartArguments _start = new();
    private readonly Option<bool> _json = Flag.Json();
    private readonly Terminal _terminal;

    private BacktestCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var backtest = new BacktestCommand(terminal);
        var command = new Command("backtest", Description);
        backtest._series.AddTo(command);
        foreach (Option option in new Option[] { backtest._folds, backtest._foldRows, backtest._trainingRows, backtest._refit, backtest._season }) command.Options.Add(option);
        backtest._forecaster.AddTo(command, backtest._series, result => result.GetResult(backtest._season) is { Implicit: false } && result.Legal(backtest._season) is var season and > 0 ? season : null, start: backtest._start);
        command.Options.Add(backtest._json);
        command.SetAction((arguments, cancellation) => Task.FromResult(backtest.Run(arguments, cancellation)));
        return command;
    }

    private int Run(ParseResult arguments, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        StartingWeights start = _start.Read(arguments);
        LstmForecastingTrainer.Options options = _forecaster.ToOptions(arguments, start: start);
        options.CancellationToken = cancellation;
        SeriesTable table = _series.Read(arguments, cancellation);
        TimeNotes.WriteGaps(_terminal, table);
        if (start.Note is { } note) _terminal.Log(note.Replace("Training begins", "Every fit begins", StringComparison.Ordinal));
        var mlContext = new MLContext(arguments.GetValue(_forecaster.Seed));
        var warnings = new HashSet<string>();
        mlContext.Log += (_, message) =>
        {
            string text = OptionNames.InWordsOfTheTool(message.RawMessage);
            if (message.Kind >= ChannelMessageKind.Warning && warnings.Add(text)) _terminal.Log($"warning: {text}");
        };
        try
        {
            // The plan after the last target is not evaluated: its rows have no actual values.
            int[] rows = [.. table.Series.Select(table.History)];
            SeriesColumns columns = _series.Given(arguments.CommandResult); // with the times, which cut all series at the same one
            ForecastBacktestResult result = mlContext.Forecasting.Backtest(
                SeriesView.Of(table, columns, rows), start.From(mlContext.Forecasting.ForecastByLstm(options)), new ForecastBacktestOptions
                {
                    NumberOfFolds = arguments.GetValue(_folds),
                    FoldRows = arguments.GetValue(_foldRows) ?? options.Horizon,
                    TrainingRows = arguments.GetValue(_trainingRows),
                    RefitEvery = arguments.GetValue(_refit),
                    Season = arguments.GetValue(_season),
                    GroupColumnName = columns.Group,
                    TimeColumnName = columns.Time,
                    Progress = new FoldProgress(fold => _terminal.Log($"{fold}")),
                    CancellationToken = cancellation,
                });
            if (start.TrainedAfter(table, FirstFold.Cuts(table, rows, result.Folds[0].RowsBefore, columns.Time is not null)) is { } seen) _terminal.Log(seen);
            if (arguments.GetValue(_json)) _terminal.Output.WriteLine(JsonText.Of(BacktestReport.Of(result, table, watch.Elapsed)));
            else BacktestTable.Write(_terminal.OutputConsole, result, arguments.GetValue(_season));
            return ExitCode.Success;
        }
        catch (Exception e) when (e is ArgumentException or InvalidDataException)
        {
            InputException explained = start.Explain(e);
            throw new InputException(BacktestNames(explained.Message), explained.Hint, e);
        }
    }

    private static string BacktestNames(string message) => message
        .Replace($"{nameof(ForecastBacktestOptions)}.", "", StringComparison.Ordinal)
        .Replace(nameof(ForecastBacktestOptions.NumberOfFolds), "--folds", StringComparison.Ordinal)
        .Replace(nameof(ForecastBacktestOptions.FoldRows), "--fold-rows", StringComparison.Ordinal)
        .Replace(nameof(ForecastBacktestOptions.TrainingRows), "--train-rows", StringComparison.Ordinal)
        .Replace(nameof(ForecastBacktestOptions.RefitEvery), "--refit-every", StringComparison.Ordinal);

    /// <summary>Reports on the thread of the backtest, in order.</summary>
    private sealed class FoldProgress(Action<ForecastBacktestFold> report) : IProgress<ForecastBacktestFold>
    {
        public void Report(ForecastBacktestFold value) => report(value);
    }
}
