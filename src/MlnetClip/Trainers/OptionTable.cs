using System.Collections;
using System.Globalization;
using System.Numerics;
using MlnetClip.Settings;

namespace MlnetClip.Trainers;

/// <summary>All options of a trainer as data, one line each; see <see cref="TrainerOption{TOptions}"/>.</summary>
/// <typeparam name="TOptions">The trainer's options, with a property for every line.</typeparam>
internal sealed class OptionTable<TOptions> : IReadOnlyList<TrainerOption<TOptions>>
    where TOptions : class, new()
{
    private readonly List<TrainerOption<TOptions>> _options = [];

    /// <inheritdoc/>
    public int Count => _options.Count;

    /// <inheritdoc/>
    public TrainerOption<TOptions> this[int index] => _options[index];

    /// <summary>A column's name.</summary>
    /// <param name="name">The property.</param>
    /// <param name="description">What the column holds.</param>
    /// <param name="defaultDescription">What null means, for example the option that gives the name then; null for a column that must be named.</param>
    /// <param name="hasDefault">Whether a column that must be named has a default.</param>
    public OptionTable<TOptions> Column(string name, string description, string? defaultDescription = null, bool hasDefault = false) =>
        Add(new TypedOption<TOptions, string?>(name, null, description, value => value!, text => text, (option, value, errors) =>
        {
            if (value is null && defaultDescription is not null) return;
            if (string.IsNullOrWhiteSpace(value))
                errors.Add(option, $"must be the name of a column{(defaultDescription is null ? "" : $", or null for {defaultDescription}")}", value is null ? "null" : $"'{value}'");
        }) { IsRequired = defaultDescription is null && !hasDefault });

    /// <summary>The names of several columns.</summary>
    /// <param name="name">The property.</param>
    /// <param name="description">What the columns hold.</param>
    public OptionTable<TOptions> Columns(string name, string description) => Add(new TypedOption<TOptions, string[]>(
        name, null, description, names => names.Length == 0 ? "none" : string.Join(',', names), text => text == "none" ? [] : text.Split(','), (option, names, errors) =>
        {
            if (names is null) errors.Add(option, "must be the names of columns, or empty for none", "null");
            else if (names.Any(string.IsNullOrWhiteSpace)) errors.Add(option, "must be the names of columns", $"'{string.Join(',', names)}'");
        }) { ShapesModel = true });

    /// <summary>Several numbers.</summary>
    /// <param name="name">The property.</param>
    /// <param name="usage">The flag and the placeholder for its value; null for no flag.</param>
    /// <param name="description">What the numbers are.</param>
    /// <param name="problemWith">What is wrong with them, as the end of a sentence that begins with the option; null when they are legal.</param>
    public OptionTable<TOptions> Numbers(string name, string? usage, string description, Func<IReadOnlyList<float>, string?> problemWith) => Add(new TypedOption<TOptions, float[]>(
        name, usage, description, numbers => numbers.Length == 0 ? "none" : string.Join(',', numbers.Select(Text)),
        text => text == "none" ? [] : [.. text.Split(',').Select(part => ReadNumber<float>(part, From(double.NegativeInfinity)))], (option, numbers, errors) =>
        {
            if (numbers is null) errors.Add(option, "must be numbers, or empty for none", "null");
            else if (problemWith(numbers) is { } problem) errors.Add(option, problem.Split(", but ")[0], string.Join(", ", numbers.Select(Text)));
        }) { ShapesModel = true });

    /// <summary>Values of an enumeration, or null.</summary>
    /// <param name="name">The property.</param>
    /// <param name="description">What the option does, and what null means.</param>
    public OptionTable<TOptions> OptionalChoice<T>(string name, string description)
        where T : struct, Enum
    {
        Type type = typeof(T);
        string names = string.Join(", ", Enum.GetNames(type));
        return Add(new TypedOption<TOptions, T?>(
            name, null, $"{description}: {names}", value => value.ToString()!, text => text == "none" ? null
                : Enum.TryParse(text, ignoreCase: true, out T value) ? value : throw new FormatException($"must be of {names}, but was '{text}'."),
            (option, value, errors) =>
            {
                if (value is { } some && some.ToString() == some.ToString("D") && !Enum.IsDefined(type, some)) errors.Add(option, $"must be of {names}", some.ToString("D"));
            }) { ShapesModel = true });
    }

    /// <summary>A number.</summary>
    /// <param name="name">The property.</param>
    /// <param name="usage">The flag and the placeholder for its value.</param>
    /// <param name="description">What the option does.</param>
    /// <param name="range">The legal range; see <see cref="From"/> and its kind.</param>
    /// <param name="required">Whether there is no default.</param>
    /// <param name="shapesModel">Whether the trained weights depend on it.</param>
    public OptionTable<TOptions> Number<T>(string name, string? usage, string description, OptionRange range, bool required = false, bool shapesModel = true)
        where T : struct, INumber<T> => Add(new TypedOption<TOptions, T>(
            name, usage, description, Text, text => ReadNumber<T>(text, range), (_, value, errors) => errors.Check(range with { Option = name }, double.CreateChecked(value)))
            {
                Range = range with { Option = name }, IsRequired = required, ShapesModel = shapesModel,
            });

    /// <summary>A number that may be null.</summary>
    /// <param name="name">The property.</param>
    /// <param name="usage">The flag and the placeholder for its value.</param>
    /// <param name="description">What the option does, and what null means.</param>
    /// <param name="range">The legal range.</param>
    /// <param name="shapesModel">Whether the trained weights depend on it.</param>
    public OptionTable<TOptions> OptionalNumber<T>(string name, string? usage, string description, OptionRange range, bool shapesModel = false)
        where T : struct, INumber<T> => Add(new TypedOption<TOptions, T?>(
            name, usage, description, value => Text(value!.Value), text => ReadNumber<T>(text, range), (_, value, errors) =>
            {
                if (value is { } number) errors.Check(range with { Option = name }, double.CreateChecked(number));
            })
            {
                Range = range with { Option = name }, ShapesModel = shapesModel,
            });

    /// <summary>A number, or a word for null.</summary>
    /// <param name="name">The property.</param>
    /// <param name="usage">The flag and the placeholder for its value.</param>
    /// <param name="description">What the option does, and what the word means.</param>
    /// <param name="range">The legal range of the number.</param>
    /// <param name="word">The text form of null.</param>
    public OptionTable<TOptions> NumberOrWord<T>(string name, string? usage, string description, OptionRange range, string word)
        where T : struct, INumber<T> => Add(new TypedOption<TOptions, T?>(
            name, usage, description, value => value is { } number ? Text(number) : word, text => text == word ? null : ReadNumber<T>(text, range, $", or {word}"), (_, value, errors) =>
            {
                if (value is { } number) errors.Check(range with { Option = name }, double.CreateChecked(number));
            })
            {
                Range = range with { Option = name }, ShapesModel = true, NullText = word,
            });

    /// <summary>One of the values of an enumeration.</summary>
    /// <param name="name">The property.</param>
    /// <param name="usage">The flag and the placeholder for its value.</param>
    /// <param name="description">What the option does.</param>
    /// <param name="legal">The legal values; all of the enumeration where none is given.</param>
    public OptionTable<TOptions> Choice<T>(string name, string? usage, string description, params T[] legal)
        where T : struct, Enum
    {
        Type type = typeof(T); // for Enum's methods that are not generic: the others are compiled for each enumeration when the process starts
        string[] legalNames = legal.Length == 0 ? Enum.GetNames(type) : new string[legal.Length];
        for (int i = 0; i < legal.Length; i++) legalNames[i] = legal[i].ToString();
        string names = string.Join(", ", legalNames);
        return Add(new TypedOption<TOptions, T>(
            name, usage, $"{description}: {names}", value => value.ToString(),
            text => legalNames.Contains(text, StringComparer.OrdinalIgnoreCase)
                ? (T)Enum.Parse(type, text, ignoreCase: true)
                : throw new FormatException($"must be one of {names}, but was '{text}'."),
            (option, value, errors) =>
            {
                string printed = value.ToString();
                if (Array.IndexOf(legalNames, printed) < 0) errors.Add(option, $"must be one of {names}", printed);
            }) { ShapesModel = true });
    }

    /// <summary>An object with a text form.</summary>
    /// <param name="name">The property.</param>
    /// <param name="usage">The flag and the placeholder for its value; null for no flag.</param>
    /// <param name="description">What the option does, with the text forms.</param>
    /// <param name="parse">Reads the text form.</param>
    /// <param name="print">Prints it.</param>
    /// <param name="nullable">Whether the option may be null.</param>
    /// <param name="check">Adds an error where a value is not legal; null where every value is.</param>
    /// <param name="shapesModel">Whether the trained weights depend on it.</param>
    public OptionTable<TOptions> Setting<T>(
        string name, string? usage, string description, Func<string, T> parse, Func<T, string> print, bool nullable = false, Action<string, T, OptionErrors>? check = null,
        bool shapesModel = true)
        where T : class? => Add(new TypedOption<TOptions, T>(name, usage, description, print, parse, (option, value, errors) =>
        {
            if (value is not null) check?.Invoke(option, value, errors);
            else if (!nullable) errors.Add(option, "must be set", "null");
        }) { ShapesModel = shapesModel });

    /// <summary>A switch without a value.</summary>
    /// <param name="name">The property.</param>
    /// <param name="usage">The flag.</param>
    /// <param name="description">What is done when it is on.</param>
    /// <param name="shapesModel">Whether the trained weights depend on it.</param>
    public OptionTable<TOptions> Switch(string name, string usage, string description, bool shapesModel = false) => Add(new TypedOption<TOptions, bool>(
        name, usage, description, value => value ? "true" : "false",
        text => bool.TryParse(text, out bool value) ? value : throw new FormatException($"must be true or false, but was '{text}'."), (_, _, _) => { })
        {
            IsSwitch = true, ShapesModel = shapesModel,
        });

    /// <summary>Adds the errors of every option.</summary>
    public void Check(TOptions options, OptionErrors errors)
    {
        foreach (TrainerOption<TOptions> option in _options) option.Check(options, errors);
    }

    /// <summary>The text forms of the options that shape the model, by name.</summary>
    public IReadOnlyDictionary<string, string> Describe(TOptions options) =>
        _options.Where(option => option.ShapesModel).ToDictionary(option => option.Name, option => option.Print(options));

    /// <inheritdoc/>
    public IEnumerator<TrainerOption<TOptions>> GetEnumerator() => _options.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The range of numbers from one on.</summary>
    public static OptionRange From(double minimum, double maximum = double.PositiveInfinity) => new("", minimum, maximum);

    /// <summary>The range of shares: 0 or more and below 1.</summary>
    public static OptionRange Share { get; } = new("", 0, 1, MaximumLegal: false);

    private OptionTable<TOptions> Add(TrainerOption<TOptions> option)
    {
        _options.Add(option);
        return this;
    }

    private static string Text<T>(T value)
        where T : struct, INumber<T> => value.ToString(null, CultureInfo.InvariantCulture);

    private static T ReadNumber<T>(string text, OptionRange range, string others = "")
        where T : struct, INumber<T>
    {
        bool whole = T.One / (T.One + T.One) == T.Zero;
        NumberStyles style = whole ? NumberStyles.AllowLeadingSign : NumberStyles.Float;
        return T.TryParse(text, style, CultureInfo.InvariantCulture, out T value) && range.Contains(double.CreateChecked(value))
            ? value
            : throw new FormatException($"must be {(whole ? "a whole number" : "a number")}, {range.Describe()}{others}, but was '{text}'.");
    }
}
