namespace MlnetClip.Cli.Input;

/// <summary>Suggests a format for times that cannot be read. Every suggestion has been tried: it reads the texts it is given for.</summary>
internal static class TimeFormatHint
{
    // The most common first; if several can read all texts, for example 01/02/2020, all are named.
    private static readonly string[] Common =
    [
        .. from date in new[] { "dd.MM.yyyy", "d.M.yyyy", "dd/MM/yyyy", "MM/dd/yyyy", "d/M/yyyy", "M/d/yyyy", "dd-MM-yyyy", "yyyy/MM/dd", "yyyy/M/d", "yyyy.MM.dd", "dd.MM.yy", "MM/yyyy", "MMM yyyy", "dd MMM yyyy", "yyyyMM" }
           from time in new[] { "", " HH:mm", " HH:mm:ss", " H:mm", " h:mm tt", " h:mm:ss tt" }
           select date + time,
    ];

    private static readonly (string Theirs, string Ours)[] Strftime =
    [
        ("%Y", "yyyy"), ("%m", "MM"), ("%d", "dd"), ("%H", "HH"), ("%M", "mm"), ("%S", "ss"), ("%y", "yy"), ("%b", "MMM"), ("%j", ""), ("%z", "zzz"),
    ];

    /// <summary>Whether a format has minutes and no month, as <c>yyyy-mm-dd</c> has: hardly what is meant.</summary>
    public static bool HasMinutesForMonths(string format) =>
        format.Contains("mm", StringComparison.Ordinal) && !format.Contains('M', StringComparison.Ordinal) && !format.Contains('H', StringComparison.OrdinalIgnoreCase);

    /// <summary>The format that the user probably meant, as a sentence; null if no format reads the texts.</summary>
    public static string? ForFormat(string format, IReadOnlyList<string> texts)
    {
        string strftime = format;
        foreach (var (theirs, ours) in Strftime) strftime = strftime.Replace(theirs, ours, StringComparison.Ordinal);
        string letters = format.Replace('Y', 'y').Replace('D', 'd').Replace('S', 's');
        string months = HasMinutesForMonths(letters) ? letters.Replace("mm", "MM", StringComparison.Ordinal) : letters;
        string[] candidates = [months, months.Replace("hh", "HH", StringComparison.Ordinal), letters.Replace("hh", "HH", StringComparison.Ordinal), Swap(letters), strftime, .. Common];
        if (TimeFormat.Detect(texts[0]) is { } known && ReadsAll(known, texts)) return $"leave --time-format out: the times are {known.Pattern.Replace("'", "", StringComparison.Ordinal)}, which is detected.";
        string? found = candidates.FirstOrDefault(candidate => candidate != format && ReadsAll(TimeFormat.Of(candidate), texts));
        return found is null ? null : $"did you mean --time-format {Quote(found)}? {Explain(format, found)}".TrimEnd();
    }

    /// <summary>A format for texts of which none was given, as a sentence.</summary>
    public static string ForTexts(IReadOnlyList<string> texts)
    {
        string[] found = [.. Common.Where(candidate => ReadsAll(TimeFormat.Of(candidate), texts)).Take(2)];
        return found.Length == 0
            ? "for another format pass --time-format, for example --time-format dd.MM.yyyy."
            : $"pass {string.Join(" or ", found.Select(format => $"--time-format {Quote(format)}"))}.";
    }

    private static bool ReadsAll(TimeFormat format, IReadOnlyList<string> texts) => texts.All(text => format.TryParse(text, out _));

    /// <summary>Months and minutes exchanged.</summary>
    private static string Swap(string format) =>
        format.Replace("MM", "\0", StringComparison.Ordinal).Replace("mm", "MM", StringComparison.Ordinal).Replace("\0", "mm", StringComparison.Ordinal);

    private static string Explain(string given, string found) =>
        given.Contains('%', StringComparison.Ordinal) ? "It takes .NET formats."
        : !given.Contains("MM", StringComparison.Ordinal) && found.Contains("MM", StringComparison.Ordinal) && given.Contains("mm", StringComparison.Ordinal) ? "MM are months, mm minutes."
        : given.Contains("hh", StringComparison.Ordinal) && found.Contains("HH", StringComparison.Ordinal) ? "HH are hours from 0 to 23, hh from 1 to 12."
        : "";

    private static string Quote(string format) => format.Contains(' ', StringComparison.Ordinal) ? $"\"{format}\"" : format;
}
