using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Commands;

/// <summary><c>mlnetclip predict</c>: applies a model to the rows of a file.</summary>
internal static class PredictCommand
{
    /// <summary>What it does, for the help.</summary>
    public const string Description = "forecasts the rows after the last row of a CSV file, or predicts the label of each row; the model file decides";

    public static Command Create(Terminal terminal)
    {
        var file = new FileArguments();
        var series = new SeriesArguments(stored: true, file);
        Option<string> model = Flag.Text("--model", "FILE", "the model file", required: true);
        Option<string> output = Flag.Text("--out", "FILE", "the CSV file to write; by default standard output");
        Option<bool> json = Flag.Json();
        ITaskCommand[] tasks = [new PredictForecasts(terminal, series), new PredictSequences(terminal, file, series)];
        var command = new Command("predict", Description) { model };
        foreach (ITaskCommand task in tasks) task.AddTo(command);
        command.Options.Add(output);
        command.Options.Add(json);
        command.SetAction((arguments, cancellation) =>
        {
            var watch = Stopwatch.StartNew();
            string path = arguments.GetRequiredValue(model);
            FileTarget? target = arguments.GetValue(output) is { } written ? FileTarget.Check("--out", written, path, file.Path(arguments)) : null;
            var mlContext = new MLContext();
            AnyModel loaded = ModelArchive.Load(mlContext, path);
            return Task.FromResult(TaskCommands.Run(tasks, loaded, new CommandRun(arguments, mlContext, target, arguments.GetValue(json), watch, cancellation)));
        });
        return command;
    }
}
