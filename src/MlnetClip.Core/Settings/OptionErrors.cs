using System.Globalization;

namespace MlnetClip.Settings;

/// <summary>Collects every error of an options object, so users can fix every error at once.</summary>
/// <param name="owner">The name of the options as users write it; every message begins with it.</param>
public sealed class OptionErrors(string owner)
{
    private readonly List<string> _errors = [];

    /// <summary>Records an error when the value is outside the range.</summary>
    public void Check(OptionRange range, double value)
    {
        ArgumentNullException.ThrowIfNull(range);
        if (range.Contains(value)) return;
        Add(range.Option, $"must be {range.Describe()}", value.ToString("R", CultureInfo.InvariantCulture), range.Hint);
    }

    /// <summary>Records an error.</summary>
    /// <param name="option">The option's name.</param>
    /// <param name="rule">What is legal, as the middle part of the sentence: <c>must be ...</c>.</param>
    /// <param name="got">The value that was given.</param>
    /// <param name="hint">How to fix it, or null.</param>
    public void Add(string option, string rule, string got, string? hint = null)
    {
        string error = $"{owner}.{option} {rule}, but was {got}.";
        _errors.Add(hint is null ? error : $"{error}{Environment.NewLine}Hint: {hint}");
    }

    /// <summary>The errors so far.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Throws an exception with all errors, one per line, if there is one.</summary>
    /// <exception cref="ArgumentException">There is at least one error.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, _errors));
    }
}
