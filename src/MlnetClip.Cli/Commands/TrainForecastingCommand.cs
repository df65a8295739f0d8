using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;
using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Commands;

/// <summary><c>mlnetclip train forecasting</c>: trains on the rows before the cut, saves the model, and evaluates what was saved on the rows after it.</summary>
internal sealed class TrainForecastingCommand
{
    /// <summary>What it does, for the help.</summary>
    public const string Description = "trains an LSTM forecaster on columns of a CSV file and evaluates it on the last rows";

    private readonly SeriesArguments _series = new(stored: false);
    private readonly ForecasterArguments _forecaster = new();
    private readonly Option<string> _model = Flag.Text("--model", "FILE", "the model file to write", required: true);
    private readonly Option<string> _checkpoint = Flag.Text(
        "--checkpoint", "FILE", "stores the training progress after every epoch, or at --checkpoint-every, and on Ctrl-C; the same command resumes from it");
    private readonly ProtocolArguments _protocol = new("training", allRows: true);
    private readonly StartArguments _start = new();
    private readonly MonitoringArguments _monitoring = new("of the training, with forecasts of the held-out rows", isFit: true);
    private readonly Option<bool> _json = Flag.Json();
    private readonly Terminal _terminal;

    private TrainForecastingCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var train = new TrainForecastingCommand(terminal);
        var command = new Command("forecasting", Description);
        train._series.AddTo(command);
        foreach (Option option in new Option[] { train._model, train._checkpoint }) command.Options.Add(option);
        train._protocol.AddTo(command);
        train._forecaster.AddTo(command, train._series, train._protocol.Season, start: train._start);
        train._monitoring.AddTo(command);
        command.Options.Add(train._json);
        command.SetAction((arguments, cancellation) => Task.FromResult(train.Run(arguments, cancellation)));
        return command;
    }

    private int Run(ParseResult arguments, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        string[] inputs = [_series.Path(arguments), .. _start.Inputs(arguments)];
        FileTarget target = FileTarget.Check("--model", arguments.GetRequiredValue(_model), inputs);
        string? checkpoint = arguments.GetValue(_checkpoint);
        _forecaster.CheckCheckpoint(arguments, checkpoint);
        if (checkpoint is not null) FileTarget.Check("--checkpoint", checkpoint, inputs).Apart(target.Shown);
        FileTarget? report = _monitoring.Report(arguments, inputs, arguments.GetRequiredValue(_model), checkpoint);
        var mlContext = new MLContext(arguments.GetValue(_forecaster.Seed));
        StartingWeights start = _start.Read(arguments);
        LstmForecastingTrainer.Options options = _forecaster.ToOptions(arguments, start: start);
        options.MeasureTimeSteps |= report is not null;
        int epochs = options.NumberOfEpochs;
        var progress = new EpochDisplay(_terminal, epochs);
        using MonitoringFiles files = _monitoring.Files(arguments, inputs, arguments.GetRequiredValue(_model), checkpoint);
        options.Observer = files.With(progress, new SweepNote(progress));
        options.CancellationToken = cancellation;
        options.CheckpointPath = checkpoint;
        IEstimator<LstmForecastingTransformer> trainer = start.From(Create(mlContext, options)); // reports wrong options before any work
        SeriesTable table = _series.Read(arguments, cancellation);
        TimeNotes.WriteGaps(_terminal, table);
        TableProtocol protocol = _protocol.For(table, arguments, options.Horizon);

        mlContext.Log += (_, message) =>
        {
            if (message.Kind >= ChannelMessageKind.Warning) progress.Warn(OptionNames.InWordsOfTheTool(message.RawMessage));
        };
        _terminal.Log(protocol.HoldsOut
            ? $"Training on {protocol.RowsInWords(Figures.Count)}."
            : $"Training on all {Figures.Count(table.Rows)} rows of {table.Path}; none is held out for evaluation.");
        if (_protocol.SuggestSeason(arguments, protocol) is { } season)
        {
            _terminal.Log(
                $"Hint: the training rows repeat after {season.Rows} rows (correlation {Figures.Number(season.Correlation)}); --season {season.Rows} compares the model with forecasts of that season.");
        }

        if (start.Note is { } note) _terminal.Log(note);
        IDataView rows = SeriesView.Of(table, _forecaster.ModelColumns(arguments.CommandResult), protocol.Cuts);
        LstmForecastingTransformer trained = progress.Run(() => Fit(trainer, start, checkpoint, rows));
        if (checkpoint is not null && trained.Training.Epochs > epochs)
        {
            _terminal.Log(
                $"warning: {checkpoint} has {trained.Training.Epochs} epochs, more than the {epochs} of --epochs: nothing was trained, and the model has {trained.Training.Epochs} epochs of training.");
        }

        // Saved before it is evaluated, so that the trained model is kept if anything fails afterwards.
        byte[] file = ModelArchive.Save(mlContext, trained, rows.Schema, _protocol.Complete(_start.AddTo(_series.Metadata(arguments), arguments), arguments, protocol));
        target.Write(stream => stream.Write(file));

        // The model is evaluated as read back from the bytes that were written.
        var model = (LoadedModel)ModelArchive.Load(mlContext, target.Shown, file);
        ModelEvaluation? evaluation = ModelEvaluation.OfSaved(_terminal, model, protocol, cancellation);

        if (report is not null) trained.SaveReport(report.Shown, _forecaster.ReportOptions(arguments.CommandResult, protocol));
        if (arguments.GetValue(_json)) _terminal.Output.WriteLine(JsonText.Of(ForecastingReport.Of(model, evaluation, watch.Elapsed)));
        else
        {
            if (evaluation is not null) ScoreTable.Write(_terminal.OutputConsole, model.Forecaster.Training, evaluation);
            else ScoreTable.WriteGradients(_terminal.OutputConsole, model.Forecaster.Training);
            if (report is not null) _terminal.Output.WriteLine($"The report is in {report.Shown}.");
            _terminal.Output.WriteLine($"Saved {target.Shown} after {Figures.Seconds(watch.Elapsed)}.");
        }

        return ExitCode.Success;
    }

    /// <summary>Turns options that the library rejects into wrong input.</summary>
    private static LstmForecastingTrainer Create(MLContext mlContext, LstmForecastingTrainer.Options options)
    {
        try
        {
            return mlContext.Forecasting.ForecastByLstm(options);
        }
        catch (ArgumentException e)
        {
            throw new InputException(OptionNames.InWordsOfTheTool(e.Message), inner: e);
        }
    }

    /// <summary>Turns data that the library rejects into wrong input; errors during training are a failed run.</summary>
    private LstmForecastingTransformer Fit(IEstimator<LstmForecastingTransformer> trainer, StartingWeights start, string? checkpoint, IDataView rows)
    {
        try
        {
            return trainer.Fit(rows);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            throw start.Explain(e);
        }
        catch (OperationCanceledException) when (File.Exists(checkpoint))
        {
            _terminal.Log($"{checkpoint} stores the training progress; the same command resumes from it.");
            throw;
        }
    }
}
