namespace MlnetClip.Cli.Input.Steps;

/// <summary>The usual step of a time column.</summary>
/// <param name="share">Share of the column's steps that are this one.</param>
internal abstract class TimeStep(double share)
{
    /// <summary>Share of the rows that a pattern must explain to be taken for the column's.</summary>
    protected const double MostRows = 0.8;

    /// <summary>Share of the column's steps that are this one, above 0 and at most 1.</summary>
    public double Share { get; } = share;

    /// <summary>Whether a step leads to a time on the clock, regardless of how long that takes when clocks are changed.</summary>
    public abstract bool KeepsTheClock { get; }

    /// <summary>Finds the usual step, the shorter where two are equally frequent; single irregular steps do not matter.</summary>
    /// <param name="stamps">At least two, strictly increasing.</param>
    public static TimeStep Of(IReadOnlyList<DateTimeOffset> stamps)
    {
        if (MonthStep.Find(stamps) is { } months) return months;
        FixedStep time = FixedStep.Find(stamps);
        return BusinessDayStep.Find(stamps, time) ?? SessionStep.Find(stamps, time) ?? (TimeStep)time;
    }

    /// <summary>The time <paramref name="count"/> steps after <paramref name="stamp"/>, in its offset.</summary>
    /// <exception cref="InputException">That time lies beyond the year 9999.</exception>
    public DateTimeOffset After(DateTimeOffset stamp, int count)
    {
        try
        {
            return Move(stamp, count);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new InputException($"The forecasts cannot be labeled: {count} steps of {Describe()} after {stamp:O} lies beyond the year 9999.");
        }
    }

    /// <summary>The number of rows that are missing between two neighbors; 0 where the step is the usual one, or shorter.</summary>
    public int MissingBetween(DateTimeOffset earlier, DateTimeOffset later) =>
        (int)Math.Min(int.MaxValue, Math.Max(0, Math.Round(StepsBetween(earlier, later)) - 1));

    /// <summary>The step in words, for example <c>7 days</c> or <c>1 month</c>.</summary>
    public abstract string Describe();

    /// <summary>The time some steps later.</summary>
    protected abstract DateTimeOffset Move(DateTimeOffset stamp, int count);

    /// <summary>How many steps lie between two rows.</summary>
    protected abstract double StepsBetween(DateTimeOffset earlier, DateTimeOffset later);

    /// <summary>A number with its unit, in the singular or the plural.</summary>
    protected static string Plural(long count, string unit) => count == 1 ? $"1 {unit}" : $"{count} {unit}s";

    /// <summary>Share of the neighbors for which a condition holds.</summary>
    protected static double ShareOf(IReadOnlyList<DateTimeOffset> stamps, Func<DateTimeOffset, DateTimeOffset, bool> condition)
    {
        int count = 0;
        for (int i = 1; i < stamps.Count; i++)
            if (condition(stamps[i - 1], stamps[i])) count++;
        return (double)count / (stamps.Count - 1);
    }
}
