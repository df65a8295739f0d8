using System.Globalization;

namespace MlnetClip.Cli.Input.Steps;

/// <summary>Rows at the same times of every day with a pause at night, as in trading or opening hours: for example every 30 minutes from 09:30 to 15:30.</summary>
/// <param name="times">The times of day, in order.</param>
/// <param name="time">The usual step within a day.</param>
/// <param name="onBusinessDays">Whether there are no rows on weekends.</param>
/// <param name="share">Share of the column's steps that lead from one of the times to the next.</param>
internal sealed class SessionStep(TimeSpan[] times, TimeSpan time, bool onBusinessDays, double share) : TimeStep(share)
{
    /// <summary>Share of the days on which a time of day must occur to be one of the times.</summary>
    private const double MostDays = 0.5;

    private const int FewestDays = 3;

    /// <inheritdoc/>
    public override bool KeepsTheClock => true;

    /// <summary>The step, where most days have the same times and a pause; else null.</summary>
    public static SessionStep? Find(IReadOnlyList<DateTimeOffset> stamps, FixedStep usual)
    {
        if (usual.Jitters || usual.Time >= TimeSpan.FromDays(1)) return null;
        int days = 1;
        for (int i = 1; i < stamps.Count; i++)
            if (stamps[i].Date != stamps[i - 1].Date) days++;
        if (days < FewestDays) return null;
        TimeSpan[] times = [.. stamps.CountBy(stamp => stamp.TimeOfDay).Where(c => c.Value > MostDays * days).Select(c => c.Key).Order()];
        if (times.Length < 2 || usual.Time * times.Length >= TimeSpan.FromDays(1)) return null; // no pause
        if (stamps.Count(stamp => Array.BinarySearch(times, stamp.TimeOfDay) >= 0) < MostRows * stamps.Count) return null;
        bool onBusinessDays = BusinessDays.SkipsWeekends(stamps);
        var step = new SessionStep(times, usual.Time, onBusinessDays, 0);
        double share = ShareOf(stamps, (earlier, later) => step.StepsBetween(earlier, later) == 1);
        return share < MostRows ? null : new SessionStep(times, usual.Time, onBusinessDays, share);
    }

    /// <inheritdoc/>
    public override string Describe() =>
        $"{FixedStep.Describe(time)} from {Clock(times[0])} to {Clock(times[^1])}{(onBusinessDays ? " on business days" : "")}";

    /// <inheritdoc/>
    protected override DateTimeOffset Move(DateTimeOffset stamp, int count)
    {
        long next = Slot(stamp) + count, days = next / times.Length;
        DateTimeOffset midnight = stamp - stamp.TimeOfDay;
        return (onBusinessDays ? BusinessDays.After(midnight, days) : midnight.AddDays(days)) + times[next % times.Length];
    }

    /// <inheritdoc/>
    protected override double StepsBetween(DateTimeOffset earlier, DateTimeOffset later) =>
        ((Day(later) - Day(earlier)) * times.Length) + Slot(later) - Slot(earlier);

    private static string Clock(TimeSpan time) => time.ToString(time.Seconds == 0 ? @"hh\:mm" : @"hh\:mm\:ss", CultureInfo.InvariantCulture);

    private long Day(DateTimeOffset stamp) => onBusinessDays ? BusinessDays.Number(stamp.DateTime) : stamp.Date.Ticks / TimeSpan.TicksPerDay;

    /// <summary>The index of the last of the times that a time of day has reached; -1 before the first.</summary>
    private int Slot(DateTimeOffset stamp)
    {
        int index = Array.BinarySearch(times, stamp.TimeOfDay);
        return index >= 0 ? index : ~index - 1;
    }
}
