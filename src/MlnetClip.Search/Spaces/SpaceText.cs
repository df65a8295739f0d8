using System.Globalization;

namespace MlnetClip.Search.Spaces;

/// <summary>The text form of spaces and points: entries separated by <c>;</c>, choices by <c>|</c>, names from values by <c>=</c>.</summary>
internal static class SpaceText
{
    private const string WhenWord = " when ";

    public static string Print(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static void CheckName(string name, string argument)
    {
        ArgumentNullException.ThrowIfNull(name, argument);
        if (name.Length == 0 || name.AsSpan().IndexOfAny(";|=") >= 0 || name.Trim() != name || name.Contains(WhenWord, StringComparison.Ordinal))
            throw new ArgumentException($"A name must have at least one character, none of ';', '|' and '=', and no space at its ends, but was '{name}'.", argument);
    }

    public static Dictionary<string, string> Pairs(string text)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string entry in Entries(text))
        {
            var (name, value) = Split(entry);
            if (!pairs.TryAdd(name, value)) throw new FormatException($"'{name}' is given twice in '{text}'.");
        }

        return pairs;
    }

    public static IEnumerable<SearchParameter> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (string entry in Entries(text))
        {
            int at = entry.IndexOf(WhenWord, StringComparison.Ordinal);
            ParameterCondition? when = null;
            if (at >= 0)
            {
                var (parameter, choice) = Split(entry[(at + WhenWord.Length)..]);
                when = new ParameterCondition(parameter, choice);
            }

            var (name, domain) = Split(at < 0 ? entry : entry[..at]);
            yield return domain.StartsWith("log:", StringComparison.Ordinal) ? Range(name, domain, 4, logarithmic: true, when)
                : domain.StartsWith("linear:", StringComparison.Ordinal) ? Range(name, domain, 7, logarithmic: false, when)
                : new ChoiceParameter(name, domain.Split('|'), when);
        }
    }

    private static RealParameter Range(string name, string domain, int start, bool logarithmic, ParameterCondition? when)
    {
        string[] ends = domain[start..].Split("..");
        return ends.Length == 2 && Number(ends[0], out double minimum) && Number(ends[1], out double maximum)
            ? new RealParameter(name, minimum, maximum, logarithmic, when)
            : throw new FormatException($"The range of '{name}' must be two numbers such as log:0.01..100, but was '{domain}'.");
    }

    private static bool Number(string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static string[] Entries(string text) =>
        text.Length == 0 ? [] : text.Split(';', StringSplitOptions.TrimEntries);

    private static (string Name, string Value) Split(string entry)
    {
        int equals = entry.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? (entry[..equals].Trim(), entry[(equals + 1)..].Trim()) : throw new FormatException($"'{entry}' is not of the form name=value.");
    }
}
