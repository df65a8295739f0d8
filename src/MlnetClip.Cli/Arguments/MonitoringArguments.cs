using System.CommandLine;
using MlnetClip.Cli.Models;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Arguments;

/// <summary>The options for files that show what a fit or a search did.</summary>
/// <param name="what">What the report is about, after "an HTML report".</param>
/// <param name="isFit">Whether the command fits one model, whose steps can be written.</param>
internal sealed class MonitoringArguments(string what, bool isFit = false)
{
    private readonly Option<string> _report = Flag.Text("--report", "FILE", $"writes an HTML report {what}: one file with interactive charts, which opens in any browser");

    private readonly Option<string> _log = Flag.Text("--log", "FILE", "writes every step and epoch to a file of JSON lines; a resumed training appends to it");
    private readonly Option<string> _tensorBoard = Flag.Text("--tensorboard", "FOLDER", "writes the training as event files into a folder, for tensorboard --logdir FOLDER");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_report);
        if (!isFit) return;
        command.Options.Add(_log);
        command.Options.Add(_tensorBoard);
    }

    /// <summary>What writes the steps of the fit, checked before the work begins.</summary>
    /// <param name="arguments">The user's arguments.</param>
    /// <param name="inputs">Files that the command reads.</param>
    /// <param name="outputs">Files that the command writes; those that are null are not there.</param>
    /// <exception cref="InputException">A file cannot be written there.</exception>
    public MonitoringFiles Files(ParseResult arguments, ReadOnlySpan<string> inputs, params ReadOnlySpan<string?> outputs)
    {
        if (arguments.GetValue(_log) is { } log) FileTarget.Check("--log", log, inputs).Apart([.. outputs, arguments.GetValue(_report)]);
        if (arguments.GetValue(_tensorBoard) is { } folder && (string.IsNullOrWhiteSpace(folder) || File.Exists(folder)))
            throw new InputException($"--tensorboard must name a folder, but {(folder.Length == 0 ? "was empty" : $"'{folder}' is a file")}.");
        return new MonitoringFiles(arguments.GetValue(_log), arguments.GetValue(_tensorBoard));
    }

    /// <summary>The report to write, checked before the work begins; null for none.</summary>
    /// <inheritdoc cref="Files"/>
    public FileTarget? Report(ParseResult arguments, ReadOnlySpan<string> inputs, params ReadOnlySpan<string?> outputs) =>
        arguments.GetValue(_report) is { } path ? FileTarget.Check("--report", path, inputs).Apart(outputs) : null;
}
