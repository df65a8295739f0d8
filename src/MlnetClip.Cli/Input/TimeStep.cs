using System.Globalization;

namespace MlnetClip.Cli.Input;

/// <summary>The usual step of a time column: whole months where every row keeps the same day of the month, else a fixed time.</summary>
/// <param name="Months">Months of a step; 0 for a fixed time.</param>
/// <param name="Time">The fixed time of a step; zero for months.</param>
/// <param name="AnchorDay">For months: the day that is kept where the month has it, else the month's last day.</param>
/// <param name="Share">Share of the column's steps that are this one, above 0 and at most 1.</param>
internal sealed record TimeStep(int Months, TimeSpan Time, int AnchorDay, double Share)
{
    /// <summary>Finds the most frequent step, the shorter where two are equally frequent.</summary>
    /// <param name="stamps">At least two, strictly increasing.</param>
    public static TimeStep Of(IReadOnlyList<DateTimeOffset> stamps)
    {
        int anchor = stamps.Max(s => s.Day);
        bool monthly = stamps.All(s =>
            s.TimeOfDay == stamps[0].TimeOfDay && s.Day == Math.Min(anchor, DateTime.DaysInMonth(s.Year, s.Month)));
        monthly = monthly && MonthNumber(stamps[0]) != MonthNumber(stamps[1]);
        if (monthly)
        {
            var (months, share) = Mode(stamps, (a, b) => MonthNumber(b) - MonthNumber(a));
            return new TimeStep((int)months, TimeSpan.Zero, anchor, share);
        }

        var (ticks, tickShare) = Mode(stamps, (a, b) => (b - a).Ticks);
        return new TimeStep(0, TimeSpan.FromTicks(ticks), 0, tickShare);
    }

    /// <summary>The time <paramref name="count"/> steps after <paramref name="stamp"/>, in its offset.</summary>
    /// <exception cref="InputException">That time lies beyond the year 9999.</exception>
    public DateTimeOffset After(DateTimeOffset stamp, int count)
    {
        try
        {
            if (Months == 0) return stamp + (Time * count);
            DateTimeOffset moved = stamp.AddMonths(checked(Months * count));
            int day = Math.Min(AnchorDay, DateTime.DaysInMonth(moved.Year, moved.Month));
            return moved.AddDays(day - moved.Day);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new InputException($"The forecasts cannot be labelled: {count} steps of {Describe()} after {stamp:O} lies beyond the year 9999.");
        }
    }

    /// <summary>The step in words, for example <c>7 days</c> or <c>1 month</c>.</summary>
    public string Describe()
    {
        if (Months > 0) return Months % 12 == 0 ? Plural(Months / 12, "year") : Plural(Months, "month");
        if (Time.Ticks % TimeSpan.TicksPerDay == 0) return Plural(Time.Days, "day");
        if (Time.Ticks % TimeSpan.TicksPerHour == 0) return Plural((long)Time.TotalHours, "hour");
        if (Time.Ticks % TimeSpan.TicksPerMinute == 0) return Plural((long)Time.TotalMinutes, "minute");
        return Time.ToString("c", CultureInfo.InvariantCulture);
    }

    private static string Plural(long count, string unit) => count == 1 ? $"1 {unit}" : $"{count} {unit}s";

    private static int MonthNumber(DateTimeOffset stamp) => (stamp.Year * 12) + stamp.Month;

    private static (long Step, double Share) Mode(IReadOnlyList<DateTimeOffset> stamps, Func<DateTimeOffset, DateTimeOffset, long> difference)
    {
        var counts = new SortedDictionary<long, int>();
        for (int i = 1; i < stamps.Count; i++)
        {
            long step = difference(stamps[i - 1], stamps[i]);
            counts[step] = counts.GetValueOrDefault(step) + 1;
        }

        var (key, count) = counts.MaxBy(c => c.Value); // the first of the largest: the shortest step
        return (key, (double)count / (stamps.Count - 1));
    }
}
