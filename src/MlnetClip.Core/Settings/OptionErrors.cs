using System.Globalization;

namespace MlnetClip.Settings;

/// <summary>Gathers every error of one options object, so that its user mends all of them at once.</summary>
/// <param name="owner">The options' name as users write it; it begins every sentence.</param>
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
    /// <param name="rule">What is legal, as the middle of the sentence: <c>must be ...</c>.</param>
    /// <param name="got">The value that was given.</param>
    /// <param name="hint">What usually mends it, or null.</param>
    public void Add(string option, string rule, string got, string? hint = null)
    {
        string error = $"{owner}.{option} {rule}, but was {got}.";
        _errors.Add(hint is null ? error : $"{error}{Environment.NewLine}Hint: {hint}");
    }

    /// <summary>The errors so far.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Throws all errors, a line each.</summary>
    /// <exception cref="ArgumentException">There is at least one error.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, _errors));
    }
}
