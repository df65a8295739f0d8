using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Input;

/// <summary>Finds why the times of a column do not increase, and says what to do about it.</summary>
internal static class TimeOrder
{
    /// <summary>The error of a row whose time is not after that of the row before.</summary>
    /// <param name="texts">The column's texts.</param>
    /// <param name="stamps">Their times; those behind <paramref name="row"/> are not read.</param>
    /// <param name="row">The row.</param>
    /// <param name="hasZone">Whether the times are moments, not only what a clock showed.</param>
    /// <param name="place">Names the place of a row.</param>
    /// <param name="line">The line of a row.</param>
    /// <param name="name">The series that the rows belong to; null where there is only one.</param>
    public static InputException Error(string[] texts, DateTimeOffset[] stamps, int row, bool hasZone, Func<int, string> place, Func<int, int> line, string? name = null)
    {
        string seen = $"{place(row)}: the times must increase from row to row{(name is null ? "" : $" of series '{SafeText.Of(name)}'")}, but '{SafeText.Of(texts[row])}' is not after '{SafeText.Of(texts[row - 1])}' on line {line(row - 1)}";
        if (!hasZone && IsClockChange(stamps, row))
        {
            return new InputException(
                $"{seen}; an hour repeats, as when clocks are set back in autumn.",
                "name the zone of the clock with --time-zone, for example --time-zone Europe/Berlin, or write the times with their offset, as 2001-10-28T02:30+01:00.");
        }

        int series = Repeats(texts);
        if (series > 1 && name is null)
        {
            return new InputException(
                $"{seen}; most times occur in {series} rows, so the file seems to contain {series} series.",
                "name the column that tells the series apart (store, region, sensor and the like) with --group; one model is then trained for all.");
        }

        return stamps[row] == stamps[row - 1]
            ? new InputException($"{seen}.", name is null
                ? "each row must have its own time; where the rows are of different series, name the column that tells them apart with --group."
                : "each row of a series must have its own time.")
            : new InputException($"{seen}.", name is null ? "sort the file by time, the earliest first." : "sort the rows of each series by time, the earliest first.");
    }

    /// <summary>Whether the time is one step after the last, but an hour earlier.</summary>
    private static bool IsClockChange(DateTimeOffset[] stamps, int row)
    {
        if (row < 2) return false;
        TimeSpan step = stamps[row - 1] - stamps[row - 2], back = stamps[row - 1] - stamps[row];
        TimeSpan hour = TimeSpan.FromHours(1);
        return step <= hour && back == hour - step;
    }

    /// <summary>How often most times occur in the file: 1 if most occur once.</summary>
    private static int Repeats(string[] texts)
    {
        int[] counts = [.. texts.CountBy(text => text).Select(c => c.Value).Order()];
        return counts.Length < 2 ? 1 : counts[counts.Length / 2];
    }
}
