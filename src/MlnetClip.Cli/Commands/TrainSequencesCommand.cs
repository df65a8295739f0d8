using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;
using MlnetClip.Cli.Tasks;

namespace MlnetClip.Cli.Commands;

/// <summary><c>mlnetclip train regression</c>, <c>classification</c> and <c>labeling</c>: trains on rows drawn at random, saves the model, and evaluates what was saved on the others.</summary>
internal sealed class TrainSequencesCommand
{
    private readonly FileArguments _file = new();
    private readonly Option<string> _model = Flag.Text("--model", "FILE", "the model file to write", required: true);
    private readonly Option<string> _checkpoint = Flag.Text(
        "--checkpoint", "FILE", "stores the training progress after every epoch, or at --checkpoint-every, and on Ctrl-C; the same command resumes from it");
    private readonly StartArguments _start = new();
    private readonly MonitoringArguments _monitoring = new("of the training, with predictions of the held-out rows", isFit: true);
    private readonly Option<bool> _json = Flag.Json();
    private readonly SequenceCommand _kind;
    private readonly SequenceArguments _sequences;
    private readonly SequenceTrainerArguments _trainer;
    private readonly Terminal _terminal;

    private TrainSequencesCommand(Terminal terminal, SequenceCommand kind)
    {
        (_terminal, _kind) = (terminal, kind);
        _sequences = new SequenceArguments(stored: false, _file, kind.PerStep);
        _trainer = new SequenceTrainerArguments(kind.Flags(), "training", allRows: true);
    }

    public static Command Create(Terminal terminal, SequenceCommand kind)
    {
        var train = new TrainSequencesCommand(terminal, kind);
        var command = new Command(kind.Name, kind.Trains);
        foreach (string alias in kind.Aliases) command.Aliases.Add(alias);
        train._sequences.AddTo(command, withFile: true, several: kind.PerStep);
        command.Options.Add(train._model);
        command.Options.Add(train._checkpoint);
        train._trainer.AddTo(command, train._start);
        train._monitoring.AddTo(command);
        command.Options.Add(train._json);
        command.SetAction((arguments, cancellation) => Task.FromResult(train.Run(arguments, cancellation)));
        return command;
    }

    private int Run(ParseResult arguments, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        string[] inputs = [_file.Path(arguments), .. _start.Inputs(arguments)];
        FileTarget target = FileTarget.Check("--model", arguments.GetRequiredValue(_model), inputs);
        string? checkpoint = arguments.GetValue(_checkpoint);
        _trainer.CheckCheckpoint(arguments, checkpoint);
        if (checkpoint is not null) FileTarget.Check("--checkpoint", checkpoint, inputs).Apart(target.Shown);
        using MonitoringFiles files = _monitoring.Files(arguments, inputs, arguments.GetRequiredValue(_model), checkpoint);
        FileTarget? report = _monitoring.Report(arguments, inputs, arguments.GetRequiredValue(_model), checkpoint);
        StartingWeights start = _start.Read(arguments);
        SequenceTable table = _sequences.Read(arguments, _trainer.FeaturesPerStep(arguments), cancellation);
        if (_kind.PerStep) LabelingTask.CheckSteps(table, table.FeaturesPerStep);
        SequenceTask task = _kind.TaskOf(table);
        (int seed, double holdout, int epochs) = (_trainer.Seed(arguments), _trainer.Holdout(arguments), _trainer.Epochs(arguments));
        (int[] training, int[] heldOut) = table.Split(holdout, seed);
        if (training.Length == 0) throw new InputException($"--holdout must leave rows for training, but {table.Path} has {table.Rows} {table.Noun}s and {heldOut.Length} are held out.");
        if (task is MulticlassTask or LabelingTask && start.Classes.Count == 0) SequenceTask.CheckClasses(table, training);

        var mlContext = new MLContext(seed);
        var progress = new EpochDisplay(_terminal, epochs);
        mlContext.Log += (_, message) =>
        {
            if (message.Kind >= ChannelMessageKind.Warning) progress.Warn(OptionNames.InWordsOfTheTool(message.RawMessage));
        };
        _terminal.Log(heldOut.Length > 0
            ? $"Training on {Figures.Count(training.Length)} of {Figures.Count(table.Rows)} {table.Noun}s of {table.Path} ({task.Name.Replace('_', ' ')}); {Figures.Count(heldOut.Length)} drawn at random are held out."
            : $"Training on all {Figures.Count(table.Rows)} {table.Noun}s of {table.Path} ({task.Name.Replace('_', ' ')}); none is held out for evaluation.");
        if (start.Note is { } note) _terminal.Log(note);
        IDataView rows = task.View(table, training, needsLabels: true);
        ITransformer trained = progress.Run(() => Fit(mlContext, task, table, start, arguments, rows, checkpoint, files.With(progress, new SweepNote(progress)), report is not null, cancellation));

        // Saved before it is evaluated, so that the trained model is kept if anything fails afterwards.
        byte[] file = ModelArchive.Save(mlContext, trained, rows.Schema, _start.AddTo(_sequences.Metadata(arguments, table, training.Length, holdout, seed), arguments));
        target.Write(stream => stream.Write(file));

        // The model is evaluated as read back from the bytes that were written.
        var model = (LoadedSequenceModel)ModelArchive.Load(mlContext, target.Shown, file);
        SequenceEvaluation? evaluation = SequenceEvaluation.OfSaved(_terminal, mlContext, model, table, heldOut);
        if (report is not null) trained.SaveReport(report.Shown, task.ReportOptions(table, heldOut));
        if (arguments.GetValue(_json)) _terminal.Output.WriteLine(JsonText.Of(SequenceReport.Of(model, evaluation, watch.Elapsed)));
        else
        {
            if (evaluation is not null) SequenceScoreTable.Write(_terminal.OutputConsole, model, evaluation);
            else ScoreTable.WriteGradients(_terminal.OutputConsole, model.Predictor.Training);
            if (report is not null) _terminal.Output.WriteLine($"The report is in {report.Shown}.");
            _terminal.Output.WriteLine($"Saved {target.Shown} after {Figures.Seconds(watch.Elapsed)}.");
        }

        return ExitCode.Success;
    }

    /// <summary>Turns options and data that the library rejects into wrong input; errors during training are a failed run.</summary>
    private ITransformer Fit(
        MLContext mlContext, SequenceTask task, SequenceTable table, StartingWeights start, ParseResult arguments, IDataView rows, string? checkpoint, IFitObserver observer, bool reports, CancellationToken cancellation)
    {
        try
        {
            return _trainer.Pipeline(mlContext, task, arguments, table, options =>
            {
                options.Observer = observer;
                options.CancellationToken = cancellation;
                options.CheckpointPath = checkpoint;
                options.MeasureTimeSteps |= reports;
            }, start).Fit(rows);
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
