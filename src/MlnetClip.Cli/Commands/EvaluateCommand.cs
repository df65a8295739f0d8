using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;
using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Commands;

/// <summary><c>mlnetclip evaluate</c>: evaluates a model's forecasts as <c>train</c> does, by default from the cut that the model file stores.</summary>
internal sealed class EvaluateCommand
{
    private readonly Option<string> _model = Flag.Text("--model", "FILE", "the model file", required: true);
    private readonly SeriesArguments _series = new(stored: true);
    private readonly Option<int?> _from = Flag.OptionalWhole(
        new("--from", 0), "ROW", "the first row, counted from 0, at which a forecast is evaluated; by default the first held-out row");

    private readonly Option<int?> _season = Flag.OptionalWhole(
        new("--season", 1), "ROWS", "the season in rows; by default the one stored in the model file, or 1");

    private readonly Option<bool> _json = Flag.Json();
    private readonly Terminal _terminal;

    private EvaluateCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var evaluate = new EvaluateCommand(terminal);
        var command = new Command("evaluate", "evaluates a model's forecasts on a CSV file, compared with three naive forecasts") { evaluate._model };
        evaluate._series.AddTo(command);
        foreach (Option option in new Option[] { evaluate._from, evaluate._season, evaluate._json }) command.Options.Add(option);
        command.SetAction((arguments, cancellation) => Task.FromResult(evaluate.Run(arguments, cancellation)));
        return command;
    }

    private int Run(ParseResult arguments, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var mlContext = new MLContext();
        LoadedModel model = ModelArchive.Load(mlContext, arguments.GetRequiredValue(_model));
        TimeSeries series = _series.Read(arguments, model.Metadata, cancellation);
        TimeNotes.WriteGaps(_terminal, series);
        var protocol = new ForecastProtocol(
            FirstOrigin(arguments.GetValue(_from), model, series), model.Forecaster.Model.Horizon, arguments.GetValue(_season) ?? model.Metadata?.Season ?? 1);
        SeriesCheck.ForEvaluation(series, protocol, "--from");
        int trained = TrainedRows(protocol.FirstOrigin, model, series);
        ModelEvaluation evaluation = ModelEvaluation.Of(mlContext, model, series, protocol, cancellation) with { TrainedRows = trained };

        if (arguments.GetValue(_json)) _terminal.Output.WriteLine(JsonText.Of(ForecastingReport.Of(model, evaluation, series.Rows, watch.Elapsed)));
        else ScoreTable.Write(_terminal.OutputConsole, model.Forecaster.Training, evaluation, series);
        return ExitCode.Success;
    }

    /// <summary>The evaluated rows that the model was trained on, with a warning if there are any.</summary>
    private int TrainedRows(int first, LoadedModel model, TimeSeries series)
    {
        ModelMetadata? metadata = model.Metadata;
        int cut = metadata?.Cut ?? model.Forecaster.Training.Rows;
        if (first >= cut) return 0;
        bool known = metadata is not null && cut <= series.Rows;
        if (known && !series.Matches(metadata!.Fingerprint, cut)) return 0;
        int end = Math.Min(cut, series.Rows) - 1;
        _terminal.Log(known
            ? $"warning: the model was trained on rows {first} to {end} (or validated on the last of them), so their scores are not those of held-out rows."
            : $"warning: the model was trained on {cut} rows. If they are the first of {series.Path}, the evaluated rows {first} to {end} were used for training.");
        return known ? end - first + 1 : 0;
    }

    private int FirstOrigin(int? given, LoadedModel model, TimeSeries series)
    {
        if (given is { } row) return SeriesCheck.Row("--from", row, series);
        if (model.Metadata is not { } metadata)
        {
            int seen = model.Forecaster.Training.Rows;
            throw new InputException(
                $"--from must name the first row to evaluate: '{model.Path}' was not saved by mlnetclip and stores no cut.",
                $"it was trained on {seen} rows; if they are the first of this file, pass --from {seen}.");
        }

        if (metadata.Cut >= series.Rows)
        {
            throw new InputException(
                $"The model was trained on {metadata.Cut} rows, and {series.Path} has {series.Rows}: no row is left to evaluate.",
                "name the first row to evaluate with --from, counted from 0.");
        }

        if (!series.Matches(metadata.Fingerprint, metadata.Cut))
        {
            _terminal.Log(
                $"warning: the first {Figures.Count(metadata.Cut)} values of {series.Path} are not those that '{model.Path}' was trained on; "
                + $"forecasts are still evaluated from row {metadata.Cut}.");
        }

        return metadata.Cut;
    }
}
