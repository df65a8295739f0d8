using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;
using Spectre.Console;

namespace MlnetClip.Cli.Commands;

/// <summary><c>mlnetclip tune forecasting</c>: finds how to clip on the rows before the cut, and saves and evaluates the model as <c>train</c> does.</summary>
internal sealed class TuneForecastingCommand
{
    /// <summary>What it does, for the help.</summary>
    public const string Description = "finds how to clip the gradients of an LSTM forecaster of columns of a CSV file";

    private readonly SeriesArguments _series = new(stored: false);
    private readonly ForecasterArguments _forecaster = new();
    private readonly TuneArguments _tune = new();
    private readonly StartArguments _start = new();
    private readonly Option<string> _model = Flag.Text("--model", "FILE", "the file for the model of the recommended setting, or of the best so far if there is none; by default no model is written");
    private readonly ProtocolArguments _protocol = new("the search");
    private readonly MonitoringArguments _monitoring = new("of the search, and of the training of the recommended setting");
    private readonly Option<bool> _json = Flag.Json();
    private readonly Terminal _terminal;

    private TuneForecastingCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var tune = new TuneForecastingCommand(terminal);
        var command = new Command("forecasting", Description);
        tune._series.AddTo(command);
        command.Options.Add(tune._model);
        tune._tune.AddTo(command);
        tune._protocol.AddTo(command);
        tune._forecaster.AddTo(command, tune._series, tune._protocol.Season, tuned: true, tune._start);
        tune._monitoring.AddTo(command);
        command.Options.Add(tune._json);
        command.Validators.Add(result =>
        {
            TuneArguments.CheckOne(result, tune._forecaster.LearningRate, tune._tune.LearningRates);
            TuneArguments.CheckOne(result, tune._forecaster.Batch, tune._tune.BatchSizes);
        });
        command.SetAction((arguments, cancellation) => Task.FromResult(tune.Run(arguments, cancellation)));
        return command;
    }

    private int Run(ParseResult arguments, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        string[] inputs = [_series.Path(arguments), .. _start.Inputs(arguments)];
        string? path = arguments.GetValue(_model), study = arguments.GetValue(_tune.Study);
        FileTarget? target = path is null ? null : FileTarget.Check("--model", path, inputs);
        if (study is not null) FileTarget.Check("--study", study, inputs).Apart(path);
        FileTarget? report = _monitoring.Report(arguments, inputs, path, study);
        StartingWeights start = _start.Read(arguments);
        _ = start.Forecaster(); // reports a model of another task before any work
        SeriesTable table = _series.Read(arguments, cancellation);
        TableProtocol protocol = _protocol.For(table, arguments, _forecaster.ToOptions(arguments).Horizon);

        var mlContext = new MLContext(arguments.GetValue(_forecaster.Seed));
        IDataView rows = SeriesView.Of(table, _forecaster.ModelColumns(arguments.CommandResult), protocol.Cuts);
        ClippingStudyOptions options = _tune.ToOptions(arguments) with
        {
            PipelineFromSettings = tried => start.From(mlContext.Forecasting.ForecastByLstm(_forecaster.ToOptions(arguments, tried, start))),
        };
        LstmForecastingTrainer.Options unclipped = _forecaster.ToOptions(arguments, ForecasterArguments.Unclipped);
        var settings = new SearchedSettings(
            new() { Rules = options.Rules, LearningRates = options.LearningRates, BatchSizes = options.BatchSizes }, unclipped.LearningRate, unclipped.BatchSize);
        _terminal.Log($"Searching on {protocol.RowsInWords(Figures.Count)}.");
        if (start.Note is { } note) _terminal.Log(note);
        var run = new StudyRun(_terminal, settings, unclipped.NumberOfEpochs, arguments.GetValue(_forecaster.Seed));
        ClippingStudyResult found = run.Search(mlContext, options, rows, start, cancellation);
        if (found.BestModel is not LstmForecastingTransformer trained)
        {
            _terminal.Fail($"{found.VerdictText}.", run.Hint(found.Conclusion));
            return ExitCode.Failed;
        }

        byte[] file = ModelArchive.Save(mlContext, trained, rows.Schema, _protocol.Complete(_start.AddTo(_series.Metadata(arguments), arguments), arguments, protocol));
        target?.Write(stream => stream.Write(file)); // saved before it is evaluated
        var model = (LoadedModel)ModelArchive.Load(mlContext, target?.Shown ?? "the model", file);
        ModelEvaluation? evaluation = ModelEvaluation.OfSaved(_terminal, model, protocol, cancellation);
        if (report is not null) found.SaveReport(report.Shown, _forecaster.ReportOptions(arguments.CommandResult, protocol));
        if (arguments.GetValue(_json)) _terminal.Output.WriteLine(JsonText.Of(TuningReport.Of(found, settings, target?.Shown, evaluation, watch.Elapsed)));
        else
        {
            if (evaluation is not null && NaiveForecastWarning.Of(evaluation, settings.Typed(found.ModelSettings!)) is { } warning)
                _terminal.OutputConsole.MarkupLineInterpolated($"[bold yellow]{warning}[/]");
            TuningTable.Write(_terminal.OutputConsole, found, settings);
            if (evaluation is not null) ScoreTable.Write(_terminal.OutputConsole, model.Forecaster.Training, evaluation);
            else ScoreTable.WriteGradients(_terminal.OutputConsole, model.Forecaster.Training);
            if (report is not null) _terminal.Output.WriteLine($"The report is in {report.Shown}.");
            string saved = target is null ? "Done" : $"Saved {target.Shown}";
            _terminal.Output.WriteLine($"{saved} after {Figures.Seconds(watch.Elapsed)}.");
        }

        return ExitCode.Success;
    }
}
