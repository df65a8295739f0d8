using System.CommandLine;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;
using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Commands;

/// <summary><c>mlnetclip predict</c> with a forecaster: forecasts the rows after the last row of each series, or after each of several rows.</summary>
internal sealed class PredictForecasts(Terminal terminal, SeriesArguments series) : ITaskCommand
{
    private readonly Terminal _terminal = terminal;
    private readonly SeriesArguments _series = series;
    private readonly Option<int?> _from = Flag.OptionalWhole(
        new("--from", 0), "ROW", "forecast at every row from this one, counted from 0; by default only at the last row");

    private readonly Option<bool> _all = Flag.Switch("--all", "forecast at every row, the same as --from 0");

    /// <inheritdoc/>
    public IEnumerable<Option> Own => [.. _series.Own, _from, _all];

    /// <inheritdoc/>
    public bool Handles(AnyModel model) => model is LoadedModel;

    /// <inheritdoc/>
    public void AddTo(Command command)
    {
        _series.AddTo(command);
        command.Options.Add(_from);
        command.Options.Add(_all);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_all) && result.GetResult(_from) is not null) result.AddError("--all and --from must not both be given.");
        });
    }

    /// <inheritdoc/>
    public int Run(AnyModel any, CommandRun run)
    {
        var model = (LoadedModel)any;
        (ParseResult arguments, FileTarget? target, bool json, CancellationToken cancellation) = (run.Arguments, run.Target, run.Json, run.Cancellation);
        SeriesTable table = _series.Read(arguments, model, cancellation);
        TimeNotes.WriteGaps(_terminal, table);
        int? from = arguments.GetValue(_all) ? 0 : arguments.GetValue(_from);
        if (from is { } row) SeriesCheck.Row("--from", row, table);

        ForecastCount[] made = [.. table.Series.Select(series => new ForecastCount(model, series))];
        ForecastDigits[] digits = [.. table.Series.Select(series => new ForecastDigits(model.Forecaster, series))];
        void Make(TextWriter writer)
        {
            var csv = new ForecastCsv(writer, table, new ForecastColumns(model.Forecaster), origins: from is not null);
            Forecasts.Make(model, table, [.. table.Series.Select(series => from ?? Math.Max(0, table.History(series) - 1))], (series, origin, values) =>
            {
                double[][] rounded = digits[series].Round(values);
                int steps = made[series].Add(origin, rounded);
                if (steps > 0) csv.Add(series, origin, rounded, steps);
            }, cancellation);
            if (Array.TrueForAll(made, count => count.Made == 0)) throw made[^1].None();
        }

        if (target is not null)
        {
            target.Write(stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true);
                Make(writer);
            });
        }
        else Make(json ? TextWriter.Null : _terminal.Output);

        Explain(model, table, made);
        if (target is not null) _terminal.Log($"Wrote {target.Shown}.");
        if (json) _terminal.Output.WriteLine(JsonText.Of(PredictionReport.Of(model, table, made, target?.Shown)));
        return ExitCode.Success;
    }

    private void Explain(LoadedModel model, SeriesTable table, ForecastCount[] made)
    {
        LstmForecastingModelParameters sizes = model.Forecaster.Model;
        if (made.Sum(count => count.Without) is > 0 and var without)
        {
            _terminal.Log(
                $"{Figures.Count(without)} {(without == 1 ? "row has" : "rows have")} no forecast and {(without == 1 ? "is" : "are")} omitted: "
                + $"the model forecasts once {Figures.Count(sizes.WindowSize)} rows {(table.IsGrouped ? "of a series " : "")}have passed.");
        }

        if (made.Sum(count => count.TooOld) is > 0 and var old)
        {
            _terminal.Log(
                $"{Figures.Count(old)} {(old == 1 ? "row has" : "rows have")} no forecast and {(old == 1 ? "is" : "are")} omitted: "
                + $"the last value before {(old == 1 ? "it" : "them")} is more than the {Figures.Count(sizes.MaximumGap)} rows of --max-gap away.");
        }

        if (made.Sum(count => count.Shortened) is > 0 and var shortened)
        {
            _terminal.Log(
                $"{Figures.Count(shortened)} {(shortened == 1 ? "forecast has" : "forecasts have")} fewer than {Figures.Count(sizes.Horizon)} steps, because the rows to forecast, with their future covariates, are not all in the file.");
        }

        if (made.Where(count => count.Made > 0).MaxBy(count => count.Age) is { Age: > 0 } oldest)
        {
            string name = oldest.Series.Name is { } series ? $" of series '{SafeText.Of(series)}'" : "";
            _terminal.Log(
                $"The last value{name} is that of {SafeText.Of(oldest.Series.Label(oldest.Observed))}, {Figures.Count(oldest.Age)} {(oldest.Age == 1 ? "row" : "rows")} before the last row: the forecast takes it for the rows since.");
        }

        if (!table.HasPlan && table.Series[0].Time is { Step: { } step } time)
            _terminal.Log($"Times after the last row continue by {step.Describe()}, the usual step of '{SafeText.Of(time.Column)}' ({Figures.Share(step.Share)} of its steps).");
    }
}
