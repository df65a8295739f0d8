namespace MlnetClip.Cli.Input.Steps;

/// <summary>The day on which the rows of monthly data lie.</summary>
/// <param name="Day">The day of the month; in shorter months their last day. 31 is the last day of every month.</param>
/// <param name="OnBusinessDays">Whether the day is the last business day up to <paramref name="Day"/>, and for day 1 the first one of the month.</param>
internal readonly record struct MonthDay(int Day, bool OnBusinessDays)
{
    /// <summary>The day in a month.</summary>
    public int In(int year, int month)
    {
        int day = Math.Min(Day, DateTime.DaysInMonth(year, month));
        if (!OnBusinessDays) return day;
        DayOfWeek name = new DateTime(year, month, day).DayOfWeek;
        if (Day == 1) return name switch { DayOfWeek.Saturday => 3, DayOfWeek.Sunday => 2, _ => 1 };
        return name switch { DayOfWeek.Saturday => day - 1, DayOfWeek.Sunday => day - 2, _ => day };
    }

    /// <summary>Whether a time is on the day.</summary>
    public bool Matches(DateTimeOffset stamp) => stamp.Day == In(stamp.Year, stamp.Month);

    /// <summary>A time moved to the day of its month.</summary>
    public DateTimeOffset Of(DateTimeOffset stamp) => stamp.AddDays(In(stamp.Year, stamp.Month) - stamp.Day);
}
