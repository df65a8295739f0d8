using System.CommandLine;
using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Commands;

/// <summary>What a command does with models of one kind of task: forecasters, or models over sequences. The model file decides which one runs.</summary>
internal interface ITaskCommand
{
    /// <summary>The options that only these models have.</summary>
    IEnumerable<Option> Own { get; }

    /// <summary>Whether it handles a model.</summary>
    bool Handles(AnyModel model);

    /// <summary>Adds its options to the command.</summary>
    void AddTo(Command command);

    /// <summary>Runs the command; returns the exit code.</summary>
    /// <exception cref="InputException">The input is wrong.</exception>
    int Run(AnyModel model, CommandRun run);
}
