using System.Collections;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Text;
using MlnetClip.Cli.Arguments;

namespace MlnetClip.Cli.Help;

/// <summary>
/// The text of the help, as <see cref="HelpAction"/> prints it. That one sorts and groups values over generic code that is compiled at every start, which
/// takes longer than everything else that the help needs.
/// </summary>
internal static class HelpText
{
    private const int LeastWidth = 40;

    /// <summary>The help of a command.</summary>
    /// <param name="result">The command that the arguments name.</param>
    /// <param name="example">The arguments of an example; null for none.</param>
    /// <param name="width">The width of the terminal, in characters; at least 40 are used. 0 or less where it is not known: lines are as long as their texts.</param>
    public static string Of(CommandResult result, string? example, int width)
    {
        width = width <= 0 ? int.MaxValue : Math.Max(LeastWidth, width);
        Command command = result.Command;
        var text = new StringBuilder();
        Section(text, "Description", command.Description ?? "", width);
        Section(text, "Usage", Usage(result), width);
        Section(text, "Arguments", ArgumentsOf(command), width);
        Section(text, "Options", OptionsOf(result), width);
        Section(text, "Commands", CommandsOf(command), width);
        if (example is not null) text.AppendLine("Example:").AppendLine($"  mlnetclip {example}").AppendLine();
        return text.ToString();
    }

    private static string Usage(CommandResult result)
    {
        var usage = new StringBuilder(ArgumentErrors.PathOf(result));
        if (result.Command.Subcommands.Count > 0) usage.Append(" [command]");
        foreach (Argument argument in result.Command.Arguments) usage.Append(' ').Append(Label(argument));
        return usage.Append(" [options]").ToString();
    }

    private static List<HelpRow> ArgumentsOf(Command command)
    {
        var rows = new List<HelpRow>();
        foreach (Argument argument in command.Arguments) rows.Add(new HelpRow(Label(argument), argument.Description ?? ""));
        return rows;
    }

    /// <summary>The options of the command, then those that it has from the commands around it.</summary>
    private static List<HelpRow> OptionsOf(CommandResult result)
    {
        var rows = new List<HelpRow>();
        foreach (Option option in result.Command.Options)
            if (!option.Hidden) rows.Add(Row(option));
        for (var parent = result.Parent as CommandResult; parent is not null; parent = parent.Parent as CommandResult)
            foreach (Option option in parent.Command.Options)
                if (option is { Hidden: false, Recursive: true }) rows.Add(Row(option));
        return rows;
    }

    private static List<HelpRow> CommandsOf(Command command)
    {
        var rows = new List<HelpRow>();
        foreach (Command child in command.Subcommands)
        {
            if (child.Hidden) continue;
            string use = string.Join(", ", Names(child.Name, child.Aliases));
            foreach (Argument argument in child.Arguments) use += $" {Label(argument)}";
            rows.Add(new HelpRow(use, child.Description ?? ""));
        }

        return rows;
    }

    private static HelpRow Row(Option option)
    {
        var use = new StringBuilder(string.Join(", ", Names(option.Name, option.Aliases)));
        if (option.HelpName is { } value) use.Append(" <").Append(value).Append('>');
        if (option.Required) use.Append(" (REQUIRED)");
        return new HelpRow(use.ToString(), Default(option) is { } text ? $"{option.Description} [default: {text}]" : option.Description ?? "");
    }

    private static string? Default(Option option)
    {
        if (!option.HasDefaultValue || option.GetDefaultValue() is not { } value || value is bool) return null; // a switch is off
        string? text = value is IEnumerable values and not string ? string.Join('|', values.Cast<object>()) : value.ToString();
        return text is { Length: > 0 } ? text : null;
    }

    /// <summary>The short spellings, the name, and other spellings; not those of Windows with a slash, which are the same words.</summary>
    private static List<string> Names(string name, ICollection<string> aliases)
    {
        var names = new List<string>();
        foreach (string alias in aliases)
            if (alias[0] != '/') names.Add(alias);
        names.Sort(StringComparer.Ordinal);
        int first = 0;
        while (first < names.Count && names[first] is ['-', not '-', ..]) first++;
        names.Insert(first, name);
        return names;
    }

    private static string Label(Argument argument) => $"<{argument.HelpName ?? argument.Name}>";

    private static void Section(StringBuilder text, string title, string paragraph, int width)
    {
        text.Append(title).AppendLine(":");
        foreach (string line in HelpRow.Wrap(paragraph, width - HelpRow.Indent.Length)) text.Append(HelpRow.Indent).AppendLine(line);
        text.AppendLine();
    }

    private static void Section(StringBuilder text, string title, List<HelpRow> rows, int width)
    {
        if (rows.Count == 0) return;
        text.Append(title).AppendLine(":");
        HelpRow.Append(text, rows, width);
        text.AppendLine();
    }
}
