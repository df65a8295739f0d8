using System.CommandLine;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;
using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Commands;

/// <summary><c>mlnetclip evaluate</c> with a forecaster: evaluates its forecasts as <c>train</c> does, by default from the cuts that the model file stores.</summary>
internal sealed class EvaluateForecasts(Terminal terminal, SeriesArguments series) : ITaskCommand
{
    private readonly Terminal _terminal = terminal;
    private readonly SeriesArguments _series = series;
    private readonly Option<int?> _from = Flag.OptionalWhole(
        new("--from", 0), "ROW", "the first row, counted from 0, at which a forecast is evaluated; by default the first held-out row");

    private readonly Option<int?> _season = Flag.OptionalWhole(
        new("--season", 1), "ROWS", "the season in rows; by default the one stored in the model file, or 1");

    /// <inheritdoc/>
    public IEnumerable<Option> Own => [.. _series.Own, _from, _season];

    /// <inheritdoc/>
    public bool Handles(AnyModel model) => model is LoadedModel;

    /// <inheritdoc/>
    public void AddTo(Command command)
    {
        _series.AddTo(command);
        command.Options.Add(_from);
        command.Options.Add(_season);
    }

    /// <inheritdoc/>
    public int Run(AnyModel any, CommandRun run)
    {
        var model = (LoadedModel)any;
        (ParseResult arguments, CancellationToken cancellation) = (run.Arguments, run.Cancellation);
        SeriesTable table = _series.Read(arguments, model, cancellation);
        TimeNotes.WriteGaps(_terminal, table);
        var protocol = new TableProtocol(
            table, model.Forecaster.Model.Horizon, arguments.GetValue(_season) ?? model.Metadata?.Season ?? 1, FirstOrigins(arguments.GetValue(_from), model, table));
        SeriesCheck.ForEvaluation(protocol, "--from");
        int trained = TrainedRows(protocol, model);
        ModelEvaluation evaluation = ModelEvaluation.Of(model, protocol, cancellation) with { TrainedRows = trained };

        if (run.Json) _terminal.Output.WriteLine(JsonText.Of(ForecastingReport.Of(model, evaluation, run.Watch.Elapsed)));
        else ScoreTable.Write(_terminal.OutputConsole, model.Forecaster.Training, evaluation);
        return ExitCode.Success;
    }

    /// <summary>The evaluated rows that the model was trained on, with a warning if there are any.</summary>
    private int TrainedRows(TableProtocol protocol, LoadedModel model)
    {
        SeriesTable table = protocol.Table;
        ModelMetadata? metadata = model.Metadata;
        if (metadata is null && table.IsGrouped) return 0; // the file does not say which rows they were
        int[] cuts = [.. table.Series.Select(series => metadata?.CutOf(series) ?? model.Forecaster.Training.Rows)];
        int trained = 0, first = 0, end = 0;
        for (int i = 0; i < cuts.Length; i++)
        {
            if (protocol.Cuts[i] >= cuts[i]) continue;
            (first, end) = (protocol.Cuts[i], Math.Min(cuts[i], table.Series[i].Rows) - 1);
            trained += Math.Max(0, end - first + 1);
        }

        if (trained == 0) return 0;
        bool known = metadata is not null && table.Series.Zip(cuts).All(series => series.Second <= series.First.Rows);
        if (known && !table.Matches(metadata!.Fingerprint, cuts)) return 0;
        _terminal.Log(
            !known ? $"warning: the model was trained on {cuts[0]} rows. If they are the first of {table.Path}, the evaluated rows {first} to {end} were used for training."
            : table.IsGrouped ? $"warning: the model was trained on {Figures.Count(trained)} of the evaluated rows (or validated on them), so their scores are not those of held-out rows."
            : $"warning: the model was trained on rows {first} to {end} (or validated on the last of them), so their scores are not those of held-out rows.");
        return known ? trained : 0;
    }

    /// <summary>For each series the first row to evaluate.</summary>
    private int[] FirstOrigins(int? given, LoadedModel model, SeriesTable table)
    {
        if (given is { } row)
        {
            SeriesCheck.Row("--from", row, table);
            return [.. table.Series.Select(series => Math.Min(row, series.Rows))];
        }

        if (model.Metadata is not { } metadata)
        {
            int seen = model.Forecaster.Training.Rows;
            throw new InputException(
                $"--from must name the first row to evaluate: '{model.Path}' was not saved by mlnetclip and stores no cut.",
                table.IsGrouped ? "rows are counted from 0 in each series." : $"it was trained on {seen} rows; if they are the first of this file, pass --from {seen}.");
        }

        int[] cuts = [.. table.Series.Select(metadata.CutOf)];
        if (table.Series.Zip(cuts).All(series => series.Second >= table.History(series.First)))
        {
            throw new InputException(
                $"The model was trained on {metadata.Cut} rows, and {table.Path} has {table.Rows}: no row is left to evaluate.",
                "name the first row to evaluate with --from, counted from 0.");
        }

        if (!table.Matches(metadata.Fingerprint, cuts))
        {
            _terminal.Log(table.IsGrouped
                ? $"warning: the rows before the cuts of the series of {table.Path} are not those that '{model.Path}' was trained on; forecasts are still evaluated from the cuts on, and of series that it was not trained on from their first row on."
                : $"warning: the first {Figures.Count(metadata.Cut)} values of {table.Path} are not those that '{model.Path}' was trained on; "
                    + $"forecasts are still evaluated from row {metadata.Cut}.");
        }

        return [.. cuts.Zip(table.Series).Select(cut => Math.Min(cut.First, cut.Second.Rows))];
    }
}
