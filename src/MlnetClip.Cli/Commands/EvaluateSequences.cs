using System.CommandLine;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Input;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;
using MlnetClip.Cli.Tasks;

namespace MlnetClip.Cli.Commands;

/// <summary><c>mlnetclip evaluate</c> with a model over sequences: on the held-out rows of the file that it was trained on, or on all rows of another.</summary>
internal sealed class EvaluateSequences(Terminal terminal, FileArguments file, SeriesArguments series) : ITaskCommand
{
    private readonly SequenceArguments _sequences = new(stored: true, file, series: series);

    /// <inheritdoc/>
    public IEnumerable<Option> Own => _sequences.Own;

    /// <inheritdoc/>
    public bool Handles(AnyModel model) => model is LoadedSequenceModel;

    /// <inheritdoc/>
    public void AddTo(Command command) => _sequences.AddTo(command, withFile: false, several: true);

    /// <inheritdoc/>
    public int Run(AnyModel any, CommandRun run)
    {
        var model = (LoadedSequenceModel)any;
        SequenceTable table = _sequences.Read(run.Arguments, model, needsLabels: true, run.Cancellation);
        ModelMetadata metadata = model.Metadata!;
        bool same = table.Rows == metadata.Rows && table.Fingerprint() == metadata.Fingerprint;
        int[] rows = same && metadata.Holdout > 0 ? table.Split(metadata.Holdout, model.Columns.Seed).HeldOut : [.. Enumerable.Range(0, table.Rows)];
        if (same && metadata.Holdout == 0) terminal.Log($"warning: the model was trained on all {table.Noun}s of this file, so its scores are not those of held-out rows.");
        SequenceEvaluation evaluation = SequenceEvaluation.Of(run.MlContext, model, table, rows, heldOut: same && metadata.Holdout > 0);
        if (run.Json) terminal.Output.WriteLine(JsonText.Of(SequenceReport.Of(model, evaluation, run.Watch.Elapsed)));
        else SequenceScoreTable.Write(terminal.OutputConsole, model, evaluation);
        return ExitCode.Success;
    }
}
