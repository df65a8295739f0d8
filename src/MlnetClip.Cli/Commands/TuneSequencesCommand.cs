using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;
using MlnetClip.Cli.Tasks;
using MlnetClip.Search;

namespace MlnetClip.Cli.Commands;

/// <summary><c>mlnetclip tune regression</c>, <c>classification</c> and <c>labeling</c>: finds how to clip on the rows that <c>train</c> would train on, and saves and evaluates the model.</summary>
internal sealed class TuneSequencesCommand
{
    private readonly FileArguments _file = new();
    private readonly TuneArguments _tune = new();
    private readonly StartArguments _start = new();
    private readonly Option<string> _model = Flag.Text("--model", "FILE", "the file for the model of the recommended setting, or of the best so far if there is none; by default no model is written");
    private readonly MonitoringArguments _monitoring = new("of the search, and of the training of the recommended setting");
    private readonly Option<bool> _json = Flag.Json();
    private readonly SequenceCommand _kind;
    private readonly SequenceArguments _sequences;
    private readonly SequenceTrainerArguments _trainer;
    private readonly Terminal _terminal;

    private TuneSequencesCommand(Terminal terminal, SequenceCommand kind)
    {
        (_terminal, _kind) = (terminal, kind);
        _sequences = new SequenceArguments(stored: false, _file, kind.PerStep);
        _trainer = new SequenceTrainerArguments(kind.Flags(), "the search", allRows: false);
    }

    public static Command Create(Terminal terminal, SequenceCommand kind)
    {
        var tune = new TuneSequencesCommand(terminal, kind);
        var command = new Command(kind.Name, kind.Tunes);
        foreach (string alias in kind.Aliases) command.Aliases.Add(alias);
        tune._sequences.AddTo(command, withFile: true, several: kind.PerStep);
        command.Options.Add(tune._model);
        tune._tune.AddTo(command);
        tune._trainer.AddTo(command, tune._start, tuned: true);
        tune._monitoring.AddTo(command);
        command.Options.Add(tune._json);
        command.Validators.Add(result =>
        {
            TuneArguments.CheckOne(result, tune._trainer.LearningRate, tune._tune.LearningRates);
            TuneArguments.CheckOne(result, tune._trainer.Batch, tune._tune.BatchSizes);
        });
        command.SetAction((arguments, cancellation) => Task.FromResult(tune.Run(arguments, cancellation)));
        return command;
    }

    private int Run(ParseResult arguments, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        string[] inputs = [_file.Path(arguments), .. _start.Inputs(arguments)];
        string? path = arguments.GetValue(_model), study = arguments.GetValue(_tune.Study);
        FileTarget? target = path is null ? null : FileTarget.Check("--model", path, inputs);
        if (study is not null) FileTarget.Check("--study", study, inputs).Apart(path);
        FileTarget? report = _monitoring.Report(arguments, inputs, path, study);
        StartingWeights start = _start.Read(arguments);
        SequenceTable table = _sequences.Read(arguments, _trainer.FeaturesPerStep(arguments), cancellation);
        if (_kind.PerStep) LabelingTask.CheckSteps(table, table.FeaturesPerStep);
        SequenceTask task = _kind.TaskOf(table);
        (int seed, double holdout) = (_trainer.Seed(arguments), _trainer.Holdout(arguments));
        (int[] training, int[] heldOut) = table.Split(holdout, seed);
        if (task is MulticlassTask or LabelingTask && start.Classes.Count == 0) SequenceTask.CheckClasses(table, training);

        var mlContext = new MLContext(seed);
        IDataView rows = task.View(table, training, needsLabels: true);
        ClippingStudyOptions options = _tune.ToOptions(arguments) with
        {
            PipelineFromSettings = tried => _trainer.Pipeline(mlContext, task, arguments, table, _ => { }, start, tried),
        };
        (float? rate, int batch) = _trainer.Defaults(arguments);
        var settings = new SearchedSettings(new() { Rules = options.Rules, LearningRates = options.LearningRates, BatchSizes = options.BatchSizes }, rate, batch);
        _terminal.Log($"Searching on {Figures.Count(training.Length)} of {Figures.Count(table.Rows)} {table.Noun}s of {table.Path} ({task.Name.Replace('_', ' ')}); {Figures.Count(heldOut.Length)} drawn at random are held out.");
        if (start.Note is { } note) _terminal.Log(note);
        var run = new StudyRun(_terminal, settings, _trainer.Epochs(arguments), seed);
        ClippingStudyResult found = run.Search(mlContext, options, rows, start, cancellation);
        if (found.BestModel is not { } trained)
        {
            _terminal.Fail($"{found.VerdictText}.", run.Hint(found.Conclusion));
            return ExitCode.Failed;
        }

        byte[] file = ModelArchive.Save(mlContext, trained, rows.Schema, _start.AddTo(_sequences.Metadata(arguments, table, training.Length, holdout, seed), arguments));
        target?.Write(stream => stream.Write(file)); // saved before it is evaluated
        var model = (LoadedSequenceModel)ModelArchive.Load(mlContext, target?.Shown ?? "the model", file);
        SequenceEvaluation? evaluation = SequenceEvaluation.OfSaved(_terminal, mlContext, model, table, heldOut);
        if (report is not null) found.SaveReport(report.Shown, task.ReportOptions(table, heldOut));
        if (arguments.GetValue(_json))
        {
            _terminal.Output.WriteLine(JsonText.Of(TuningReport.Of(found, settings, target?.Shown, null, watch.Elapsed) with
            {
                NaiveIsBetter = evaluation is null ? null : !evaluation.Scores.IsBetterThanNaive, Sequences = SequenceReport.Of(model, evaluation, watch.Elapsed),
            }));
            return ExitCode.Success;
        }

        TuningTable.Write(_terminal.OutputConsole, found, settings);
        if (evaluation is not null) SequenceScoreTable.Write(_terminal.OutputConsole, model, evaluation);
        else ScoreTable.WriteGradients(_terminal.OutputConsole, model.Predictor.Training);
        if (report is not null) _terminal.Output.WriteLine($"The report is in {report.Shown}.");
        string saved = target is null ? "Done" : $"Saved {target.Shown}";
        _terminal.Output.WriteLine($"{saved} after {Figures.Seconds(watch.Elapsed)}.");
        return ExitCode.Success;
    }
}
