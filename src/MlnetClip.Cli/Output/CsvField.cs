using System.Buffers;
using System.Globalization;

namespace MlnetClip.Cli.Output;

/// <summary>Text from outside as a field of a CSV file that a spreadsheet may open.</summary>
internal static class CsvField
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"");

    /// <summary>
    /// The text, quoted where it must be. Control characters are escaped. A text that a spreadsheet would run as a formula (it begins
    /// with =, +, - or @ and is no number) gets an apostrophe in front.
    /// </summary>
    public static string Of(string text)
    {
        string safe = SafeText.Of(text);
        if (safe.Length > 0 && safe[0] is '=' or '+' or '-' or '@' && !double.TryParse(safe, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) safe = $"'{safe}";
        return safe.AsSpan().ContainsAny(Quoted) ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
