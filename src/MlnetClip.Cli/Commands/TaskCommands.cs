using System.CommandLine;
using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Commands;

/// <summary>Runs what a command does with the task of a model, and refuses options of other tasks.</summary>
internal static class TaskCommands
{
    /// <exception cref="InputException">The input is wrong, or an option does not apply to the model.</exception>
    public static int Run(IReadOnlyList<ITaskCommand> tasks, AnyModel model, CommandRun run)
    {
        ITaskCommand task = tasks.Single(candidate => candidate.Handles(model));
        foreach (Option option in tasks.Where(other => other != task).SelectMany(other => other.Own).Where(option => !task.Own.Contains(option)))
        {
            if (run.Arguments.GetResult(option) is not { Implicit: false }) continue;
            string kind = model is LoadedSequenceModel sequences ? $"a model over sequences ({sequences.Task.Name.Replace('_', ' ')})" : "a forecaster";
            throw new InputException($"{option.Name} must not be given: '{model.Path}' is {kind}.", "mlnetclip inspect shows what a model reads.");
        }

        return task.Run(model, run);
    }
}
