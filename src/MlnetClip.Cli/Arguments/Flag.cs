using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MlnetClip.Settings;

namespace MlnetClip.Cli.Arguments;

/// <summary>Creates options with their legal range in the help and in errors, so that every wrong argument is reported before any work.</summary>
internal static class Flag
{
    /// <summary>A text option.</summary>
    public static Option<string> Text(string name, string placeholder, string description, bool required = false) =>
        new(name) { HelpName = placeholder, Description = description, Required = required };

    /// <summary>A switch without a value.</summary>
    public static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    /// <summary>The switch that every command has.</summary>
    public static Option<bool> Json() => Switch("--json", "print only one JSON object on standard output");

    /// <summary>An option of a trainer: help, default and legal values are the trainer's. Its value is the text as given; null if it is illegal.</summary>
    public static Option Of<TOptions>(TrainerOption<TOptions> option)
        where TOptions : new()
    {
        if (option.IsSwitch) return Switch(option.Flag!, option.DefaultText == "true" ? $"{option.Description}; {option.Flag} false switches it off" : option.Description);
        return new Option<string?>(option.Flag!)
        {
            HelpName = option.Placeholder,
            Description = option.Range is { } range ? Describe(range, option.Description) : option.Description,
            Required = option.IsRequired,
            Arity = ArgumentArity.ExactlyOne, // a list too is one text: a second one would be dropped
            DefaultValueFactory = option.DefaultText is { } text ? _ => text : null,
            CustomParser = result => Check(result, option),
        };
    }

    /// <summary>A whole number with a default.</summary>
    public static Option<int> Whole(OptionRange range, string placeholder, string description, int defaultValue) =>
        new(range.Option)
        {
            HelpName = placeholder, Description = Describe(range, description), DefaultValueFactory = _ => defaultValue, CustomParser = result => ParseWhole(result, range) ?? 0,
        };

    /// <summary>An optional whole number.</summary>
    public static Option<int?> OptionalWhole(OptionRange range, string placeholder, string description) =>
        new(range.Option) { HelpName = placeholder, Description = Describe(range, description), CustomParser = result => ParseWhole(result, range) };

    /// <summary>A number with a default.</summary>
    public static Option<double> Number(OptionRange range, string placeholder, string description, double defaultValue) =>
        new(range.Option)
        {
            HelpName = placeholder, Description = Describe(range, description), DefaultValueFactory = _ => defaultValue, CustomParser = result => ParseNumber(result, range),
        };

    /// <summary>An optional number.</summary>
    public static Option<double?> OptionalNumber(OptionRange range, string placeholder, string description) =>
        new(range.Option)
        {
            HelpName = placeholder, Description = Describe(range, description), CustomParser = result => ParseNumber(result, range) is var value && double.IsNaN(value) ? null : value,
        };

    /// <summary>Names of columns, joined by commas.</summary>
    public static Option<IReadOnlyList<string>> Names(string name, string description) => Setting<IReadOnlyList<string>>(name, "COLUMNS", description, [], text => NameList.Parse(text));

    /// <summary>A setting with a text form.</summary>
    /// <param name="name">The option.</param>
    /// <param name="placeholder">The placeholder for the value in the help.</param>
    /// <param name="description">What it does, with its forms.</param>
    /// <param name="defaultValue">The default.</param>
    /// <param name="parse">Reads the text form; throws <see cref="FormatException"/> or <see cref="ArgumentException"/> when it cannot.</param>
    public static Option<T> Setting<T>(string name, string placeholder, string description, T defaultValue, Func<string, T> parse) =>
        new(name)
        {
            HelpName = placeholder,
            Description = description,
            Arity = ArgumentArity.ExactlyOne, // a list too is one text: a second one would be dropped
            DefaultValueFactory = _ => defaultValue,
            CustomParser = result =>
            {
                try
                {
                    return parse(result.Tokens[0].Value);
                }
                catch (Exception e) when (e is FormatException or ArgumentException)
                {
                    result.AddError($"{name}: {e.Message}");
                    return defaultValue;
                }
            },
        };

    private static string Describe(OptionRange range, string description) =>
        range.Minimum == int.MinValue ? description : $"{description} ({range.Describe()})";

    private static string? Check<TOptions>(ArgumentResult result, TrainerOption<TOptions> option)
        where TOptions : new()
    {
        string text = result.Tokens[0].Value;
        try
        {
            option.Read(new TOptions(), text);
            return text;
        }
        catch (FormatException e)
        {
            result.AddError($"{option.Flag}{(e.Message.StartsWith("must ", StringComparison.Ordinal) ? "" : ":")} {e.Message}");
            return null;
        }
    }

    private static int? ParseWhole(ArgumentResult result, OptionRange range)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && range.Contains(value)) return value;
        AddError(result, range, "a whole number", text);
        return null;
    }

    private static double ParseNumber(ArgumentResult result, OptionRange range)
    {
        string text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && range.Contains(value)) return value;
        AddError(result, range, "a number", text);
        return double.NaN;
    }

    private static void AddError(ArgumentResult result, OptionRange range, string kind, string got) =>
        result.AddError($"{range.Option} must be {kind}, {range.Describe()}, but was '{got}'.{(range.Hint is null ? "" : $"\nHint: {range.Hint}")}");
}
