using System.Globalization;

namespace MlnetClip.Cli.Input.Steps;

/// <summary>A fixed time, such as 7 days or 15 minutes.</summary>
/// <param name="time">The time; rounded where the steps jitter.</param>
/// <param name="share">Share of the column's steps that are this one.</param>
/// <param name="jitters">Whether those steps differ by a little.</param>
internal sealed class FixedStep(TimeSpan time, double share, bool jitters) : TimeStep(share)
{
    /// <summary>The largest deviation from the usual step that is attributed to the jitter of clocks.</summary>
    private const double Jitter = 0.01;

    private static readonly long[] Units =
        [TimeSpan.TicksPerDay, TimeSpan.TicksPerHour, TimeSpan.TicksPerMinute, TimeSpan.TicksPerSecond, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerMicrosecond];

    /// <summary>The time of a step.</summary>
    public TimeSpan Time { get; } = time;

    /// <summary>Whether the steps differ by a little.</summary>
    public bool Jitters { get; } = jitters;

    /// <inheritdoc/>
    public override bool KeepsTheClock => Time.Ticks % TimeSpan.TicksPerDay == 0;

    /// <summary>The most frequent step.</summary>
    public static FixedStep Find(IReadOnlyList<DateTimeOffset> stamps)
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
        return new FixedStep(TimeSpan.FromTicks(exact ? middle : Round(middle)), (double)bestCount / steps.Length, jitters: !exact);
    }

    /// <inheritdoc/>
    public override string Describe() => Describe(Time);

    /// <summary>A time in words.</summary>
    public static string Describe(TimeSpan time)
    {
        if (time.Ticks % TimeSpan.TicksPerDay == 0) return Plural(time.Days, "day");
        if (time.Ticks % TimeSpan.TicksPerHour == 0) return Plural((long)time.TotalHours, "hour");
        if (time.Ticks % TimeSpan.TicksPerMinute == 0) return Plural((long)time.TotalMinutes, "minute");
        return time.Ticks % TimeSpan.TicksPerSecond == 0 ? Plural((long)time.TotalSeconds, "second") : time.ToString("c", CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    protected override DateTimeOffset Move(DateTimeOffset stamp, int count) => Snap(stamp) + (Time * count);

    /// <inheritdoc/>
    protected override double StepsBetween(DateTimeOffset earlier, DateTimeOffset later) => (later - earlier) / Time;

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
}
