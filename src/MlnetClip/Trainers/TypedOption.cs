using System.Reflection;
using MlnetClip.Settings;

namespace MlnetClip.Trainers;

/// <summary>An option of one type, bound to its property.</summary>
/// <typeparam name="TOptions">The trainer's options.</typeparam>
/// <typeparam name="T">The property's type.</typeparam>
internal sealed class TypedOption<TOptions, T> : TrainerOption<TOptions>
    where TOptions : class, new()
{
    private readonly Func<TOptions, T> _get;
    private readonly PropertyInfo _property;
    private readonly Func<T, string> _print;
    private readonly Func<string, T> _parse;
    private readonly Action<string, T, OptionErrors> _check;

    /// <param name="name">The property.</param>
    /// <param name="usage">The flag and the placeholder for its value, for example <c>--window ROWS</c>; null for none.</param>
    /// <param name="description">What the option does.</param>
    /// <param name="print">The text form of a value.</param>
    /// <param name="parse">Reads the text form; throws <see cref="FormatException"/> or <see cref="ArgumentException"/> when it cannot.</param>
    /// <param name="check">Adds an error where a value is not legal: the option's name, the value, the errors.</param>
    public TypedOption(string name, string? usage, string description, Func<T, string> print, Func<string, T> parse, Action<string, T, OptionErrors> check)
        : base(name, description)
    {
        _property = typeof(TOptions).GetProperty(name)!;
        _get = _property.GetMethod!.CreateDelegate<Func<TOptions, T>>();
        (_print, _parse, _check) = (print, parse, check);
        string[] words = usage?.Split(' ') ?? [];
        Flag = words.FirstOrDefault();
        Placeholder = words.ElementAtOrDefault(1) ?? "";
    }

    /// <summary>The text form of null.</summary>
    public string NullText { get; init; } = "none";

    /// <summary>Made when an option is set for the first time: a table has dozens of options, of which few are.</summary>
    private Action<TOptions, T> Setter => field ??= _property.SetMethod!.CreateDelegate<Action<TOptions, T>>();

    /// <inheritdoc/>
    public override string Print(TOptions options) => _get(options) is { } value ? _print(value) : NullText;

    /// <inheritdoc/>
    public override void Read(TOptions options, string text)
    {
        T value;
        try
        {
            value = _parse(text);
        }
        catch (ArgumentException e)
        {
            throw new FormatException(e.Message, e);
        }

        Setter(options, value);
    }

    /// <inheritdoc/>
    private protected override string? PrintDefault() => _get(new TOptions()) is { } value ? _print(value) : null;

    /// <inheritdoc/>
    internal override void Check(TOptions options, OptionErrors errors) => _check(Name, _get(options), errors);
}
