using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using MlnetClip.Cli.Arguments;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Commands;

/// <summary><c>mlnetclip evaluate</c>: evaluates a model as <c>train</c> does, by default on the rows that were held out.</summary>
internal static class EvaluateCommand
{
    /// <summary>What it does, for the help.</summary>
    public const string Description = "evaluates a model on a CSV file, compared with naive predictions; the model file decides the task";

    public static Command Create(Terminal terminal)
    {
        var file = new FileArguments();
        var series = new SeriesArguments(stored: true, file);
        Option<string> model = Flag.Text("--model", "FILE", "the model file", required: true);
        Option<bool> json = Flag.Json();
        ITaskCommand[] tasks = [new EvaluateForecasts(terminal, series), new EvaluateSequences(terminal, file, series)];
        var command = new Command("evaluate", Description) { model };
        foreach (ITaskCommand task in tasks) task.AddTo(command);
        command.Options.Add(json);
        command.SetAction((arguments, cancellation) =>
        {
            var watch = Stopwatch.StartNew();
            var mlContext = new MLContext();
            AnyModel loaded = ModelArchive.Load(mlContext, arguments.GetRequiredValue(model));
            return Task.FromResult(TaskCommands.Run(tasks, loaded, new CommandRun(arguments, mlContext, null, arguments.GetValue(json), watch, cancellation)));
        });
        return command;
    }
}
