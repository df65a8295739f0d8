using System.CommandLine;
using System.CommandLine.Parsing;
using MlnetClip.Cli.Output;
using MlnetClip.Settings;

namespace MlnetClip.Cli.Arguments;

/// <summary>
/// Reports every wrong argument of a command line together. The parser would omit the errors of single options when it finds an error
/// between options, so the checks between options are removed from it and run afterwards.
/// </summary>
internal sealed class ArgumentErrors
{
    private readonly Dictionary<Command, Action<CommandResult>[]> _checks = [];

    private ArgumentErrors()
    {
    }

    /// <summary>Removes the checks between options from a command and its subcommands.</summary>
    public static ArgumentErrors Take(Command root)
    {
        var errors = new ArgumentErrors();
        errors.TakeFrom(root);
        return errors;
    }

    /// <summary>Writes the errors; false when there is none.</summary>
    public bool Report(ParseResult arguments, Terminal terminal)
    {
        CommandResult command = arguments.CommandResult;
        if (command.Command.Subcommands.Count > 0)
        {
            if (arguments.Errors.Count == 0) return false; // as --help and --version
            ReportMissingCommand(arguments, terminal);
        }
        else
        {
            foreach (Action<CommandResult> check in _checks.GetValueOrDefault(command.Command, [])) check(command);
            ParseError[] errors = [.. arguments.Errors.Concat(command.Errors).Distinct()];
            if (errors.Length == 0) return false;
            foreach (ParseError error in errors)
            {
                string? unknown = arguments.UnmatchedTokens.FirstOrDefault(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal));
                terminal.Fail(error.Message, unknown is null ? null : HintFor(unknown, command.Command));
            }
        }

        terminal.Log($"{PathOf(command)} --help lists all options.");
        return true;
    }

    /// <summary>A command that needs a subcommand: one error, regardless of the options that follow.</summary>
    private static void ReportMissingCommand(ParseResult arguments, Terminal terminal)
    {
        CommandResult command = arguments.CommandResult;
        string path = PathOf(command), names = string.Join(", ", command.Command.Subcommands.Select(c => c.Name));
        string? word = arguments.UnmatchedTokens.FirstOrDefault(token => !token.StartsWith('-'));
        bool first = word is not null && arguments.Tokens.SkipWhile(token => token.Type == TokenType.Command).FirstOrDefault()?.Value == word;
        string? nearest = first ? Closest.To(word!, command.Command.Subcommands.Select(c => c.Name)) : null;
        string only = command.Command.Subcommands.Count == 1 ? command.Command.Subcommands[0].Name : "";
        terminal.Fail(
            first ? $"'{word}' is not a command of {path}; the {(only.Length > 0 ? "command is" : "commands are")} {names}." : $"{path} needs a command before its options: {names}.",
            nearest is not null ? $"did you mean {nearest}?" : only.Length > 0 ? $"{path} {only} ..." : null);
    }

    private void TakeFrom(Command command)
    {
        _checks[command] = [.. command.Validators];
        command.Validators.Clear();
        foreach (Command child in command.Subcommands) TakeFrom(child);
    }

    private static string? HintFor(string unknown, Command command) =>
        Closest.To(unknown, command.Options.Select(o => o.Name)) is { } name ? $"did you mean {name}?" : null;

    /// <summary>The command as it is typed, for example <c>mlnetclip train forecasting</c>.</summary>
    public static string PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : command.Command.Name;
}
