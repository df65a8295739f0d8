namespace MlnetClip.Cli.Input;

/// <summary>The time column of a series: its texts as they stand in the file, and how they go on after the last row.</summary>
internal sealed class TimeAxis
{
    private readonly DateTimeOffset[] _stamps;

    private TimeAxis(string column, string format, string[] texts, DateTimeOffset[] stamps)
    {
        Column = column;
        Format = format;
        Texts = texts;
        _stamps = stamps;
        Step = stamps.Length < 2 ? null : TimeStep.Of(stamps);
    }

    /// <summary>The column's name.</summary>
    public string Column { get; }

    /// <summary>The .NET format in which all its texts are written.</summary>
    public string Format { get; }

    /// <summary>The texts, a row each.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>The usual step; null with fewer than two rows.</summary>
    public TimeStep? Step { get; }

    /// <summary>Reads the texts of a time column and checks that they increase.</summary>
    /// <param name="column">The column's name.</param>
    /// <param name="texts">A text a row; at least one row.</param>
    /// <param name="format">The user's format; null to find it in the first row.</param>
    /// <param name="place">Names the place of a row, for errors: file, line and column.</param>
    /// <param name="line">The line of a row.</param>
    /// <exception cref="InputException">A text is not in the format, or not later than the one before it.</exception>
    public static TimeAxis Parse(string column, string[] texts, string? format, Func<int, string> place, Func<int, int> line)
    {
        string? found = format ?? TimeFormat.Detect(texts[0]);
        if (found is null)
        {
            throw new InputException(
                $"{place(0)}: '{texts[0]}' is not a time: expected {TimeFormat.Legal}.",
                "for another format pass --time-format, for example --time-format dd.MM.yyyy.");
        }

        var stamps = new DateTimeOffset[texts.Length];
        for (int row = 0; row < texts.Length; row++)
        {
            if (!TimeFormat.TryParse(texts[row], found, out stamps[row]))
            {
                string origin = format is null ? $"the format of line {line(0)}, '{texts[0]}'" : $"--time-format {format}";
                throw new InputException($"{place(row)}: '{texts[row]}' is not a time in {origin}.");
            }

            if (row > 0 && stamps[row] <= stamps[row - 1])
            {
                throw new InputException(
                    $"{place(row)}: the times must increase from row to row, but '{texts[row]}' is not after '{texts[row - 1]}' on line {line(row - 1)}.",
                    "sort the file by time and remove rows of equal time.");
            }
        }

        return new TimeAxis(column, found, texts, stamps);
    }

    /// <summary>The label of a row, or of the time at which a row after the last one is due.</summary>
    public string Label(int row)
    {
        if (row < Texts.Count) return Texts[row];
        if (Step is null) throw new InputException("The forecasts cannot be labelled: the time column needs at least two rows to show its step.");
        return TimeFormat.Print(Step.After(_stamps[^1], row - Texts.Count + 1), Format);
    }
}
