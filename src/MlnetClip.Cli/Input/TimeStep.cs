using System.Globalization;

namespace MlnetClip.Cli.Input;

/// <summary>The usual step of a time column.</summary>
/// <param name="Kind">What is counted.</param>
/// <param name="Months">Months of a step; 0 unless months are counted.</param>
/// <param name="Time">The time of a step; zero where months are counted.</param>
/// <param name="AnchorDay">Where months are counted: the day that is kept where the month has it, else the month's last day.</param>
/// <param name="Share">Share of the column's steps that are this one, above 0 and at most 1.</param>
/// <param name="Jitters">Whether those steps differ by a little, so that <paramref name="Time"/> is rounded.</param>
internal sealed record TimeStep(TimeStep.Kinds Kind, int Months, TimeSpan Time, int AnchorDay, double Share, bool Jitters = false)
{
    /// <summary>What a step counts.</summary>
    internal enum Kinds
    {
        /// <summary>A fixed time.</summary>
        Fixed,

        /// <summary>Days from Monday to Friday.</summary>
        BusinessDays,

        /// <summary>Whole months.</summary>
        Months,
    }

    /// <summary>The largest deviation from the usual step that is attributed to the jitter of clocks.</summary>
    private const double Jitter = 0.01;

    /// <summary>Share of the steps that must be whole months for months to be counted.</summary>
    private const double MostSteps = 0.8;

    private static readonly long[] Units =
        [TimeSpan.TicksPerDay, TimeSpan.TicksPerHour, TimeSpan.TicksPerMinute, TimeSpan.TicksPerSecond, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerMicrosecond];

    /// <summary>Finds the usual step, the shorter where two are equally frequent; single odd steps do not matter.</summary>
    /// <param name="stamps">At least two, strictly increasing.</param>
    public static TimeStep Of(IReadOnlyList<DateTimeOffset> stamps)
    {
        if (WholeMonths(stamps) is { } months) return months;
        TimeStep time = FixedTime(stamps);
        return time.Time == TimeSpan.FromDays(1) && SkipsWeekends(stamps) ? time with { Kind = Kinds.BusinessDays, Share = BusinessDayShare(stamps) } : time;
    }

    /// <summary>The time <paramref name="count"/> steps after <paramref name="stamp"/>, in its offset.</summary>
    /// <exception cref="InputException">That time lies beyond the year 9999.</exception>
    public DateTimeOffset After(DateTimeOffset stamp, int count)
    {
        try
        {
            return Kind switch
            {
                Kinds.Months => OnAnchor(stamp.AddMonths(checked(Months * count))),
                Kinds.BusinessDays => AfterBusinessDays(stamp, count),
                _ => Snap(stamp) + (Time * count),
            };
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new InputException($"The forecasts cannot be labeled: {count} steps of {Describe()} after {stamp:O} lies beyond the year 9999.");
        }
    }

    /// <summary>The number of rows that are missing between two neighbors; 0 where the step is the usual one, or shorter.</summary>
    public int MissingBetween(DateTimeOffset earlier, DateTimeOffset later)
    {
        double steps = Kind switch
        {
            Kinds.Months => (MonthNumber(later) - MonthNumber(earlier)) / (double)Months,
            Kinds.BusinessDays => BusinessDaysBetween(earlier, later),
            _ => (later - earlier) / Time,
        };
        return (int)Math.Min(int.MaxValue, Math.Max(0, Math.Round(steps) - 1));
    }

    /// <summary>The step in words, for example <c>7 days</c> or <c>1 month</c>.</summary>
    public string Describe()
    {
        if (Kind == Kinds.Months) return Months % 12 == 0 ? Plural(Months / 12, "year") : Plural(Months, "month");
        if (Kind == Kinds.BusinessDays) return "1 business day";
        if (Time.Ticks % TimeSpan.TicksPerDay == 0) return Plural(Time.Days, "day");
        if (Time.Ticks % TimeSpan.TicksPerHour == 0) return Plural((long)Time.TotalHours, "hour");
        if (Time.Ticks % TimeSpan.TicksPerMinute == 0) return Plural((long)Time.TotalMinutes, "minute");
        return Time.Ticks % TimeSpan.TicksPerSecond == 0 ? Plural((long)Time.TotalSeconds, "second") : Time.ToString("c", CultureInfo.InvariantCulture);
    }

    private static string Plural(long count, string unit) => count == 1 ? $"1 {unit}" : $"{count} {unit}s";

    private static int MonthNumber(DateTimeOffset stamp) => (stamp.Year * 12) + stamp.Month;

    private DateTimeOffset OnAnchor(DateTimeOffset moved) => moved.AddDays(Math.Min(AnchorDay, DateTime.DaysInMonth(moved.Year, moved.Month)) - moved.Day);

    private static TimeStep FixedTime(IReadOnlyList<DateTimeOffset> stamps)
    {
        long[] steps = [.. Enumerable.Range(1, stamps.Count - 1).Select(i => (stamps[i] - stamps[i - 1]).Ticks).Order()];

        // The widest run of steps that lie within the jitter of its first; the first of the widest is the shortest.
        int best = 0, bestCount = 0;
        for (int first = 0, end = 0; first < steps.Length; first++)
        {
            double limit = steps[first] * (1 + Jitter);
            while (end < steps.Length && steps[end] <= limit) end++;
            if (end - first > bestCount) (best, bestCount) = (first, end - first);
        }

        long middle = steps[best + (bestCount / 2)];
        bool exact = steps[best] == steps[best + bestCount - 1];
        return new TimeStep(Kinds.Fixed, 0, TimeSpan.FromTicks(exact ? middle : Round(middle)), 0, (double)bestCount / steps.Length, Jitters: !exact);
    }

    /// <summary>A step that jitters, rounded to the largest unit that is near.</summary>
    private static long Round(long ticks)
    {
        foreach (long unit in Units)
        {
            long rounded = (long)Math.Round(ticks / (double)unit) * unit;
            if (rounded > 0 && Math.Abs(ticks - rounded) <= ticks * Jitter) return rounded;
        }

        return ticks;
    }

    /// <summary>The nearest time on the grid of the steps, if the distance is no more than jitter.</summary>
    private DateTimeOffset Snap(DateTimeOffset stamp)
    {
        if (!Jitters || TimeSpan.TicksPerDay % Time.Ticks != 0) return stamp;
        long beside = stamp.TimeOfDay.Ticks % Time.Ticks, limit = (long)(Time.Ticks * Jitter);
        if (beside > limit) beside -= Time.Ticks;
        return Math.Abs(beside) <= Math.Min(limit, TimeSpan.TicksPerSecond - 1) ? stamp.AddTicks(-beside) : stamp;
    }

    private static TimeStep? WholeMonths(IReadOnlyList<DateTimeOffset> stamps)
    {
        int anchor = stamps.Select(s => s.Day).Distinct().Prepend(31).MaxBy(day => stamps.Count(s => OnDay(s, day))); // a month's last day first
        var counts = new SortedDictionary<int, int>();
        for (int i = 1; i < stamps.Count; i++)
        {
            int months = MonthNumber(stamps[i]) - MonthNumber(stamps[i - 1]);
            if (months > 0 && stamps[i].TimeOfDay == stamps[i - 1].TimeOfDay && OnDay(stamps[i], anchor) && OnDay(stamps[i - 1], anchor))
                counts[months] = counts.GetValueOrDefault(months) + 1;
        }

        if (counts.Count == 0) return null;
        var (step, _) = counts.MaxBy(c => c.Value); // the first of the largest: the shortest step
        if (counts.Values.Sum() < (stamps.Count - 1) * MostSteps) return null;
        return new TimeStep(Kinds.Months, step, TimeSpan.Zero, anchor, (double)counts[step] / (stamps.Count - 1));
    }

    private static bool OnDay(DateTimeOffset stamp, int day) => stamp.Day == Math.Min(day, DateTime.DaysInMonth(stamp.Year, stamp.Month));

    private static bool IsWeekend(DateTimeOffset stamp) => stamp.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;

    /// <summary>Whether no row lies on a weekend although two or more weekends were passed.</summary>
    private static bool SkipsWeekends(IReadOnlyList<DateTimeOffset> stamps) =>
        !stamps.Any(IsWeekend) && Enumerable.Range(1, stamps.Count - 1).Count(i => stamps[i].DayOfWeek < stamps[i - 1].DayOfWeek) >= 2;

    private static double BusinessDayShare(IReadOnlyList<DateTimeOffset> stamps) =>
        Enumerable.Range(1, stamps.Count - 1).Count(i => BusinessDaysBetween(stamps[i - 1], stamps[i]) == 1) / (double)(stamps.Count - 1);

    /// <summary>Business days from one business day to another.</summary>
    private static int BusinessDaysBetween(DateTimeOffset earlier, DateTimeOffset later)
    {
        int days = (int)Math.Round((later - earlier).TotalDays);
        int weekends = (days + (int)earlier.DayOfWeek - 1) / 7;
        return days - (2 * weekends);
    }

    private static DateTimeOffset AfterBusinessDays(DateTimeOffset stamp, int count)
    {
        DateTimeOffset moved = stamp.AddDays(count / 5 * 7);
        for (int left = count % 5; left > 0; left--)
        {
            do moved = moved.AddDays(1);
            while (IsWeekend(moved));
        }

        return moved;
    }
}
