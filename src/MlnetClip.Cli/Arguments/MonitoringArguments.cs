using System.CommandLine;
using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Arguments;

/// <summary>The options for files that show what a fit or a search did.</summary>
/// <param name="what">What the report is about, after "of".</param>
internal sealed class MonitoringArguments(string what)
{
    private readonly Option<string> _report = Flag.Text("--report", "FILE", $"writes an HTML report {what}: one file with interactive charts, which opens in any browser");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(_report);

    /// <summary>The report to write, checked before the work begins; null for none.</summary>
    /// <param name="arguments">The user's arguments.</param>
    /// <param name="others">Other files of the command; those that are null are not there.</param>
    /// <exception cref="InputException">It cannot be written there.</exception>
    public FileTarget? Report(ParseResult arguments, params ReadOnlySpan<string?> others) =>
        arguments.GetValue(_report) is { } path ? FileTarget.Check("--report", path, [.. others.ToArray().OfType<string>()]) : null;
}
