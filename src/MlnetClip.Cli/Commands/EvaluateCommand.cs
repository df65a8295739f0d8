using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;
using MlnetClip.Cli.Series;

namespace MlnetClip.Cli.Commands;

/// <summary><c>mlnetclip evaluate</c>: judges a model's forecasts as <c>train</c> does, by default from the cut that the model remembers.</summary>
internal sealed class EvaluateCommand
{
    private readonly Option<string> _model = Flag.Text("--model", "FILE", "the model file", required: true);
    private readonly SeriesArguments _series = new(remembered: true);
    private readonly Option<int?> _from = Flag.OptionalWhole(
        new("--from", 0), "ROW", "the first row, counted from 0, at which a forecast is judged; by default the first that training did not see");

    private readonly Option<int?> _season = Flag.OptionalWhole(
        new("--season", 1), "ROWS", "rows after which the series resembles itself; by default what the model remembers, else 1");

    private readonly Option<bool> _json = Flag.Json();
    private readonly Terminal _terminal;

    private EvaluateCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var evaluate = new EvaluateCommand(terminal);
        var command = new Command("evaluate", "judges a model's forecasts on a CSV file beside three naive forecasts") { evaluate._model };
        evaluate._series.AddTo(command);
        foreach (Option option in new Option[] { evaluate._from, evaluate._season, evaluate._json }) command.Options.Add(option);
        command.SetAction((arguments, cancellation) => Task.FromResult(evaluate.Run(arguments, cancellation)));
        return command;
    }

    private int Run(ParseResult arguments, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var mlContext = new MLContext();
        LoadedModel model = ModelFile.Load(mlContext, arguments.GetRequiredValue(_model));
        TimeSeries series = _series.Read(arguments, model.Memory);
        var protocol = new ForecastProtocol(
            FirstOrigin(arguments.GetValue(_from), model, series), model.Forecaster.Model.Horizon, arguments.GetValue(_season) ?? model.Memory?.Season ?? 1);
        SeriesCheck.ForEvaluation(series, protocol, "--from");
        ForecastScores scores = Judgement.Of(mlContext, model, series, protocol, cancellation);

        if (arguments.GetValue(_json)) _terminal.Output.WriteLine(JsonText.Of(ForecastingReport.Of(model, scores, protocol, series.Rows, watch.Elapsed)));
        else ScoreTable.Write(_terminal.OutputConsole, model.Forecaster.Training, scores, protocol, series);
        return ExitCode.Success;
    }

    private int FirstOrigin(int? given, LoadedModel model, TimeSeries series)
    {
        if (given is { } row) return SeriesCheck.Row("--from", row, series);
        if (model.Memory is not { } memory)
        {
            int seen = model.Forecaster.Training.Rows;
            throw new InputException(
                $"--from must name the first row to judge: '{model.Path}' was not saved by mlnetclip and remembers no cut.",
                $"its training saw {seen} rows; where they are the first of this file, --from {seen}.");
        }

        if (memory.Cut >= series.Rows)
        {
            throw new InputException(
                $"The model's training saw {memory.Cut} rows, and {series.Path} has {series.Rows}: none is left to judge by.",
                "for another file name the first row to judge with --from, counted from 0.");
        }

        if (memory.Fingerprint != series.Fingerprint(memory.Cut))
        {
            _terminal.Log(
                $"warning: the first {Figures.Count(memory.Cut)} values of {series.Path} are not those that '{model.Path}' was trained on; "
                + $"forecasts are judged from row {memory.Cut} on all the same.");
        }

        return memory.Cut;
    }
}
