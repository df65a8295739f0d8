using MlnetClip.Cli.Input.Steps;
using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Input;

/// <summary>The time column of a series: its texts as they are in the file, its usual step, its gaps, and its labels after the last row.</summary>
internal sealed class TimeAxis
{
    private readonly DateTimeOffset[] _stamps;
    private readonly TimeFormat _format;
    private readonly TimeZoneInfo? _zone;

    private TimeAxis(string column, TimeFormat format, string[] texts, DateTimeOffset[] stamps, TimeZoneInfo? zone)
    {
        Column = column;
        _format = format;
        Texts = texts;
        _stamps = stamps;
        _zone = zone;
        Step = stamps.Length < 2 ? null : TimeStep.Of(stamps);
        Gaps = Step is null ? TimeGaps.None : TimeGaps.Of(stamps, Step);
    }

    /// <summary>The column's name.</summary>
    public string Column { get; }

    /// <summary>The texts, a row each.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>
    /// The times of the rows as the clock shows them; in UTC where the clock goes back, as in autumn, so that they never do.
    /// </summary>
    public DateTime[] Times
    {
        get
        {
            DateTime[] clock = Array.ConvertAll(_stamps, stamp => stamp.DateTime);
            for (int row = 1; row < clock.Length; row++)
                if (clock[row] < clock[row - 1]) return Array.ConvertAll(_stamps, stamp => stamp.UtcDateTime);
            return clock;
        }
    }

    /// <summary>The usual step; null with fewer than two rows.</summary>
    public TimeStep? Step { get; }

    /// <summary>Where rows are missing between the first and the last.</summary>
    public TimeGaps Gaps { get; }

    /// <summary>Reads the texts of a time column and checks that they increase.</summary>
    /// <param name="column">The column's name.</param>
    /// <param name="texts">A text a row; at least one row.</param>
    /// <param name="format">The user's format; null to detect it.</param>
    /// <param name="zone">The zone whose clock the times show, where they have no offset of their own; null for a clock that is never changed.</param>
    /// <param name="place">Names the place of a row, for errors: file, line and column.</param>
    /// <param name="line">The line of a row.</param>
    /// <param name="series">The series that the rows belong to; null where there is only one.</param>
    /// <exception cref="InputException">A text is not in the format, or not later than the one before it.</exception>
    public static TimeAxis Parse(string column, string[] texts, string? format, TimeZoneInfo? zone, Func<int, string> place, Func<int, int> line, string? series = null)
    {
        if (format is not null && TimeFormatHint.HasMinutesForMonths(format))
            throw new InputException($"--time-format '{SafeText.Of(format)}' has minutes (mm) and no month (MM).", TimeFormatHint.ForFormat(format, Sample(texts, 0)));
        TimeFormat? first = format is not null ? TimeFormat.Of(format) : TimeFormat.Detect(texts[0]);
        if (first is null)
            throw new InputException($"{place(0)}: '{SafeText.Of(texts[0])}' is not a time: expected {TimeFormat.Legal}.", TimeFormatHint.ForTexts(Sample(texts, 0)));

        var stamps = new DateTimeOffset[texts.Length];
        TimeFormat current = first, widest = first;
        for (int row = 0; row < texts.Length; row++)
        {
            if (!current.TryParse(texts[row], out stamps[row]))
            {
                // Programs omit parts that are zero, for example the time of day at midnight: the precision may change from row to row.
                if (format is not null || TimeFormat.Detect(texts[row], first.Kind) is not { } other || !other.TryParse(texts[row], out stamps[row]))
                    throw NotATime(texts, row, format, place, line);
                current = other;
                if (other.Pattern.Length > widest.Pattern.Length) widest = other;
            }

            if (zone is not null && !current.HasOffset) stamps[row] = ZoneClock.At(zone, stamps[row].DateTime, after: row == 0 ? null : stamps[row - 1]);
            if (row > 0 && stamps[row] <= stamps[row - 1]) throw TimeOrder.Error(texts, stamps, row, hasZone: zone is not null || current.HasOffset, place, line, series);
        }

        return new TimeAxis(column, widest, texts, stamps, zone);
    }

    /// <summary>The label of a row, or of the time at which a row after the last one is due.</summary>
    public string Label(int row)
    {
        if (row < Texts.Count) return Texts[row];
        if (Step is null) throw new InputException("The forecasts cannot be labeled: the time column needs at least two rows to show its step.");
        DateTimeOffset next = Step.After(_stamps[^1], row - Texts.Count + 1);
        return _format.Print(_zone is null || Step.KeepsTheClock ? next : TimeZoneInfo.ConvertTime(next, _zone));
    }

    private static InputException NotATime(string[] texts, int row, string? format, Func<int, string> place, Func<int, int> line)
    {
        string expected = format is null ? $"the format of line {line(0)}, '{SafeText.Of(texts[0])}'" : $"--time-format {SafeText.Of(format)}";
        string? hint = texts[row].Length == 0 ? "every row must have a time; for a missing value leave only the value empty."
            : format is null ? null
            : TimeFormatHint.ForFormat(format, Sample(texts, row));
        return new InputException($"{place(row)}: '{SafeText.Of(texts[row])}' is not a time in {expected}.", hint);
    }

    /// <summary>Texts that a suggested format must read: those around a row, and the first and last.</summary>
    private static string[] Sample(string[] texts, int row)
    {
        const int Around = 50;
        int start = Math.Max(0, row - Around), end = Math.Min(texts.Length, row + Around);
        return [texts[row], texts[0], .. texts[start..end], texts[^1]];
    }
}
