using System.Globalization;
using System.Text;

namespace MlnetClip.Cli.Output;

/// <summary>
/// Text from files as it may be shown in a terminal: what would move the cursor, change colors, begin a line or turn the reading
/// direction is written as an escape such as <c>\u001b</c> instead.
/// </summary>
internal static class SafeText
{
    /// <summary>The text in one line, without control characters.</summary>
    public static string Of(string text) => Escape(text, keepLines: false);

    /// <summary>The same for a message of several lines: line feeds are kept.</summary>
    public static string OfLines(string text) => Escape(text.Replace("\r\n", "\n", StringComparison.Ordinal), keepLines: true);

    private static string Escape(string text, bool keepLines)
    {
        int first = 0;
        while (first < text.Length && !IsUnsafe(text[first], keepLines)) first++;
        if (first == text.Length) return text;
        var safe = new StringBuilder(text, 0, first, text.Length + 16);
        foreach (char c in text.AsSpan(first))
        {
            if (!IsUnsafe(c, keepLines)) safe.Append(c);
            else if (c is '\n' or '\r' or '\t') safe.Append(c switch { '\n' => "\\n", '\r' => "\\r", _ => "\\t" });
            else safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return safe.ToString();
    }

    private static bool IsUnsafe(char c, bool keepLines) => c switch
    {
        '\n' => !keepLines,
        '\u061c' or '\u200e' or '\u200f' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\ufeff' => true,
        _ => char.IsControl(c),
    };
}
