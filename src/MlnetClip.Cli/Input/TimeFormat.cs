using System.Globalization;

namespace MlnetClip.Cli.Input;

/// <summary>The formats of a time column: yyyyMMdd, ISO 8601 to any precision from years to fractions of a second, or one the user gives.</summary>
internal static class TimeFormat
{
    private static readonly string[] Known = BuildKnown();

    /// <summary>What is legal, for errors.</summary>
    public const string Legal = "yyyyMMdd or ISO 8601 (2001-12-29, 2001-12-29T18:30, 2001-12-29T18:30:00Z, 2001-12)";

    /// <summary>The known format in which a text is written, or null.</summary>
    public static string? Detect(string text) => Array.Find(Known, format => TryParse(text, format, out _));

    /// <summary>Reads a text in a format; a time without an offset is taken as UTC, which orders times and matters for nothing else.</summary>
    public static bool TryParse(string text, string format, out DateTimeOffset stamp) =>
        DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out stamp);

    /// <summary>Writes a time in a format.</summary>
    public static string Print(DateTimeOffset stamp, string format) => stamp.ToString(format, CultureInfo.InvariantCulture);

    private static string[] BuildKnown()
    {
        string[] times = ["HH':'mm", "HH':'mm':'ss"];
        string[] fractions = [.. Enumerable.Range(1, 7).Select(digits => "HH':'mm':'ss'.'" + new string('f', digits))];
        string[] zones = ["", "'Z'", "zzz"];
        return
        [
            "yyyyMMdd", "yyyy'-'MM'-'dd", "yyyy'-'MM", "yyyy",
            .. from separator in new[] { "'T'", "' '" }
               from time in times.Concat(fractions)
               from zone in zones
               select $"yyyy'-'MM'-'dd{separator}{time}{zone}",
            "yyyyMMdd'T'HHmmss", "yyyyMMdd'T'HHmmss'Z'", "yyyyMMdd'T'HHmm",
        ];
    }
}
