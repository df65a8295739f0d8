using System.Globalization;
using System.Text;

namespace MlnetClip.Search.Settings;

/// <summary>
/// The text form of a sampler or pruner: <c>name</c> or <c>name:key=value,key=value</c>, in the invariant culture. Only values
/// that differ from their defaults are printed.
/// </summary>
internal sealed class NamedValues
{
    private readonly string _text;
    private readonly string _what;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private NamedValues(string text, string what, string name) => (_text, _what, Name) = (text, what, name);

    /// <summary>The name, before the colon.</summary>
    public string Name { get; }

    /// <summary>Splits a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">What it describes, for errors: <c>sampler</c>, <c>pruner</c>.</param>
    /// <exception cref="FormatException">The text does not have this form.</exception>
    public static NamedValues Parse(string text, string what)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        var result = new NamedValues(text, what, colon < 0 ? text : text[..colon]);
        if (colon < 0) return result;
        foreach (string pair in text[(colon + 1)..].Split(','))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw result.Error($"'{pair}' is not of the form key=value");
            if (!result._values.TryAdd(pair[..equals], pair[(equals + 1)..])) throw result.Error($"'{pair[..equals]}' is given twice");
        }

        return result;
    }

    /// <summary>Reads a number from the text; returns the default if it is missing.</summary>
    public float Take(string key, float defaultValue)
    {
        if (!_values.Remove(key, out string? value)) return defaultValue;
        return float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out float number)
            ? number
            : throw Error($"{key} must be a number, but was '{value}'");
    }

    /// <summary>Reads a whole number from the text; returns the default if it is missing.</summary>
    public int Take(string key, int defaultValue)
    {
        if (!_values.Remove(key, out string? value)) return defaultValue;
        return int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw Error($"{key} must be a whole number, but was '{value}'");
    }

    /// <summary>Throws if there are keys that were not read.</summary>
    /// <param name="legal">The legal keys, for the error message.</param>
    public void Close(params ReadOnlySpan<string> legal)
    {
        foreach (string key in _values.Keys)
        {
            string known = legal.Length == 0 ? $"'{Name}' has no keys" : $"the keys of '{Name}' are {string.Join(", ", legal.ToArray())}";
            throw Error($"'{key}' is not known; {known}");
        }
    }

    /// <summary>Creates the error for this text.</summary>
    public FormatException Error(string problem) => new($"The {_what} '{_text}' cannot be read: {problem}.");

    /// <summary>Prints a name and the values that are not the default.</summary>
    public static string Print(string name, params ReadOnlySpan<(string Key, float Value, float Default)> values)
    {
        var text = new StringBuilder(name);
        char separator = ':';
        foreach (var (key, value, defaultValue) in values)
        {
            if (value == defaultValue) continue;
            text.Append(separator).Append(key).Append('=').Append(value.ToString("R", CultureInfo.InvariantCulture));
            separator = ',';
        }

        return text.ToString();
    }
}
