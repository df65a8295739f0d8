namespace MlnetClip.Cli.Input.Steps;

/// <summary>Days from Monday to Friday. Holidays are not known: they differ from place to place.</summary>
internal static class BusinessDays
{
    /// <summary>Whether a time is on a Saturday or Sunday.</summary>
    public static bool IsWeekend(DateTime day) => day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;

    /// <summary>Whether no row lies on a weekend although two or more weekends were passed.</summary>
    public static bool SkipsWeekends(IReadOnlyList<DateTimeOffset> stamps)
    {
        int weekends = 0;
        for (int i = 0; i < stamps.Count; i++)
        {
            if (IsWeekend(stamps[i].DateTime)) return false;
            if (i > 0 && (stamps[i].DayOfWeek < stamps[i - 1].DayOfWeek || (stamps[i] - stamps[i - 1]).TotalDays >= 7)) weekends++;
        }

        return weekends >= 2;
    }

    /// <summary>Business days up to a day, so that the difference of two is the number of business days between them.</summary>
    public static long Number(DateTime day)
    {
        long days = day.Ticks / TimeSpan.TicksPerDay; // day 0, 0001-01-01, is a Monday
        return (days / 7 * 5) + Math.Min(days % 7, 4);
    }

    /// <summary>The time some business days later, at the same time of day.</summary>
    public static DateTimeOffset After(DateTimeOffset stamp, long count)
    {
        DateTimeOffset moved = stamp.AddDays(count / 5 * 7);
        for (long left = count % 5; left > 0; left--)
        {
            do moved = moved.AddDays(1);
            while (IsWeekend(moved.DateTime));
        }

        return moved;
    }
}
