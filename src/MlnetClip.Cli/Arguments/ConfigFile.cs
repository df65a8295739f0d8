using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using MlnetClip.Cli.Help;
using MlnetClip.Cli.Output;
using MlnetClip.Settings;

namespace MlnetClip.Cli.Arguments;

/// <summary>
/// Options from a file: one JSON object whose names are flags without their dashes, and whose values are texts, numbers, true or false, or lists. A flag
/// on the command line overrides the file.
/// </summary>
internal static class ConfigFile
{
    private const string Flag = "--config";

    /// <summary>The option of a command; the file is read by <see cref="Parse"/>.</summary>
    public static void AddTo(Command command) => command.Options.Add(new ConfigOption());

    /// <summary>
    /// Parses the arguments, with the options of the file that they name, if they name one. Options of training that a search or a backtest does not have, as
    /// <c>inspect --config</c> writes them, are left out, and reported.
    /// </summary>
    /// <exception cref="InputException">The file cannot be read, or names an option that the command does not have.</exception>
    public static ParseResult Parse(Command root, IReadOnlyList<string> args, ParserConfiguration parser, Terminal terminal)
    {
        ParseResult given = root.Parse(args, parser);
        if (given.Action is PrintHelp) return given;
        foreach (Option option in given.CommandResult.Command.Options)
            if (option is ConfigOption && given.GetResult(option) is { Implicit: false, Tokens: [var path] }) return root.Parse(Merge(given, path.Value, args, terminal), parser);
        return given;
    }

    /// <summary>Its own method, so that the library that reads JSON is loaded only for a file.</summary>
    private static List<string> Merge(ParseResult given, string path, IReadOnlyList<string> args, Terminal terminal)
    {
        var expanded = new List<string>(args);
        foreach (JsonProperty property in Read(path).EnumerateObject())
        {
            if (Find(given.CommandResult, path, property.Name, terminal) is not { } target) continue;
            if (given.GetResult(target) is { Implicit: false }) continue; // the command line overrides the file
            if (Text(path, property) is { } text) expanded.Add($"{target.Name}={text}");
        }

        return expanded;
    }

    private static JsonElement Read(string path)
    {
        if (Directory.Exists(path)) throw new InputException($"{Flag} must be a JSON file, but '{path}' is a folder.");
        if (!File.Exists(path)) throw new InputException($"{Flag} must be a JSON file that exists, but there is no '{path}'.", "mlnetclip inspect MODEL --config FILE writes one of a model.");
        try
        {
            var element = JsonDocument.Parse(File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false }).RootElement;
            return element.ValueKind == JsonValueKind.Object
                ? element
                : throw new InputException($"{Flag} '{path}' must be a JSON object, but is {element.ValueKind.ToString().ToLowerInvariant()}.", "write {\"window\": 104, \"horizon\": 26}.");
        }
        catch (JsonException e)
        {
            throw new InputException($"{Flag} '{path}' is not JSON: {e.Message}", inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{Flag} '{path}' cannot be read: {e.Message}", inner: e);
        }
    }

    private static Option? Find(CommandResult command, string path, string name, Terminal terminal)
    {
        string flag = $"--{name.Replace('_', '-')}";
        Option[] options = [.. command.Command.Options.Where(option => option is not ConfigOption)];
        if (options.FirstOrDefault(option => option.Name == flag || option.Aliases.Contains(flag)) is { } found) return found;
        if (IsOfTraining(command.Command, flag, terminal))
        {
            terminal.Log($"'{name}' in {path} is ignored: it is an option of train, and {ArgumentErrors.PathOf(command)} does not have it.");
            return null;
        }

        throw new InputException(
            $"{Flag} '{path}' has '{name}', which is no option of {ArgumentErrors.PathOf(command)}.",
            Closest.To(flag, options.Select(option => option.Name)) is { } closest ? $"did you mean '{closest[2..]}'?" : $"{ArgumentErrors.PathOf(command)} --help lists all options; names are those of the flags without their dashes.");
    }

    /// <summary>Whether a search or a backtest lacks an option that training of the same task has.</summary>
    private static bool IsOfTraining(Command command, string flag, Terminal terminal)
    {
        bool isSearch = command.Parents.Any(parent => parent.Name == "tune");
        if (!isSearch && command.Name != "backtest") return false;
        Command train = Tool.CreateRoot(terminal).Subcommands.Single(candidate => candidate.Name == "train");
        string task = isSearch ? command.Name : "forecasting";
        return train.Subcommands.Single(candidate => candidate.Name == task).Options.Any(option => option.Name == flag);
    }

    private static string? Text(string path, JsonProperty property) => property.Value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.String => property.Value.GetString(),
        JsonValueKind.Number => property.Value.GetRawText(),
        JsonValueKind.Array => NameList.Print(property.Value.EnumerateArray().Select(value => value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            _ => throw Wrong(path, property),
        })),
        _ => throw Wrong(path, property),
    };

    private static InputException Wrong(string path, JsonProperty property) =>
        new($"{Flag} '{path}': '{property.Name}' must be a text, a number, true or false, or a list of texts or numbers, but was {property.Value.GetRawText()}.");

    private sealed class ConfigOption : Option<string>
    {
        public ConfigOption()
            : base(Flag)
        {
            HelpName = "FILE";
            Description = "a JSON file with options, named as the flags without their dashes: {\"window\": 104, \"target\": [\"a\", \"b\"]}; flags given here override it";
        }
    }
}
