using System.CommandLine;
using Microsoft.ML;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;
using MlnetClip.Cli.Series;

namespace MlnetClip.Cli.Commands;

/// <summary><c>mlnetclip predict</c>: forecasts what follows the last row, or what follows each of several rows.</summary>
internal sealed class PredictCommand
{
    private readonly Option<string> _model = Flag.Text("--model", "FILE", "the model file", required: true);
    private readonly SeriesArguments _series = new(remembered: true);
    private readonly Option<string> _out = Flag.Text("--out", "FILE", "the CSV file to write; by default standard output");
    private readonly Option<int?> _from = Flag.OptionalWhole(
        new("--from", 0), "ROW", "forecast at every row from this one on, counted from 0; by default at the last row only");

    private readonly Option<bool> _all = Flag.Switch("--all", "forecast at every row, the same as --from 0");
    private readonly Option<bool> _json = Flag.Json();
    private readonly Terminal _terminal;

    private PredictCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var predict = new PredictCommand(terminal);
        var command = new Command("predict", "forecasts what follows the last row of a CSV file") { predict._model };
        predict._series.AddTo(command);
        foreach (Option option in new Option[] { predict._out, predict._from, predict._all, predict._json }) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(predict._all) && result.GetResult(predict._from) is not null) result.AddError("--all and --from must not both be given.");
        });
        command.SetAction((arguments, cancellation) => Task.FromResult(predict.Run(arguments, cancellation)));
        return command;
    }

    private int Run(ParseResult arguments, CancellationToken cancellation)
    {
        string modelPath = arguments.GetRequiredValue(_model);
        FileTarget? target = arguments.GetValue(_out) is { } path ? FileTarget.Check("--out", path, modelPath, _series.Path(arguments)) : null;
        var mlContext = new MLContext();
        LoadedModel model = ModelFile.Load(mlContext, modelPath);
        TimeSeries series = _series.Read(arguments, model.Memory);
        int? from = arguments.GetValue(_all) ? 0 : arguments.GetValue(_from);
        if (from is { } row) SeriesCheck.Row("--from", row, series);

        Forecasts forecasts = Forecasts.From(mlContext, model, series, from ?? series.Rows - 1, cancellation);
        string csv = ForecastCsv.Of(series, forecasts, origins: from is not null, out int without);
        Explain(model, series, forecasts, without);
        if (target is not null)
        {
            target.Write(stream => WriteText(stream, csv));
            _terminal.Log($"Wrote {target.Shown}.");
        }

        if (arguments.GetValue(_json)) _terminal.Output.WriteLine(JsonText.Of(PredictionReport.Of(model, series, forecasts, target?.Shown)));
        else if (target is null) _terminal.Output.Write(csv);
        return ExitCode.Success;
    }

    private void Explain(LoadedModel model, TimeSeries series, Forecasts forecasts, int without)
    {
        int window = model.Forecaster.Model.WindowSize;
        if (without == forecasts.Count)
        {
            throw new InputException(
                $"The model forecasts once {window} rows have passed, counted from the first value, but {series.Path} has {series.Rows} rows.",
                "give it more rows of history.");
        }

        if (without > 0) _terminal.Log($"{Figures.Count(without)} rows have no forecast and are left out: the model forecasts once {window} rows have passed.");
        if (series.Time?.Step is { } step)
            _terminal.Log($"Times after the last row go on by {step.Describe()}, the usual step of '{series.Time.Column}' ({Figures.Share(step.Share)} of its steps).");
    }

    private static void WriteText(Stream stream, string text)
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.Write(text);
    }
}
