namespace MlnetClip.Cli.Input.Steps;

/// <summary>Whole months: rows keep the day of the month, its last day, or its first or last business day.</summary>
/// <param name="months">Months of a step.</param>
/// <param name="day">The day.</param>
/// <param name="matching">Share of the column's steps that are whole months.</param>
/// <param name="share">Share of the column's steps that are this one.</param>
internal sealed class MonthStep(int months, MonthDay day, double matching, double share) : TimeStep(share)
{
    private readonly double _matching = matching;

    /// <inheritdoc/>
    public override bool KeepsTheClock => true;

    /// <summary>The step, where most steps are whole months; else null.</summary>
    public static MonthStep? Find(IReadOnlyList<DateTimeOffset> stamps)
    {
        int[] days = [.. stamps.Select(s => s.Day).Distinct().Prepend(31)]; // a month's last day first
        MonthDay kept = days.Select(day => new MonthDay(day, OnBusinessDays: false)).MaxBy(day => stamps.Count(day.Matches));
        MonthDay[] all = [kept, new MonthDay(31, OnBusinessDays: true), new MonthDay(1, OnBusinessDays: true)];
        return all.Select(day => Of(stamps, day)).OfType<MonthStep>().MaxBy(step => step._matching); // the first of the best: days of the calendar
    }

    /// <inheritdoc/>
    public override string Describe()
    {
        string step = months % 12 == 0 ? Plural(months / 12, "year") : Plural(months, "month");
        return !day.OnBusinessDays ? step : $"{step}, on the {(day.Day == 1 ? "first" : "last")} business day";
    }

    /// <inheritdoc/>
    protected override DateTimeOffset Move(DateTimeOffset stamp, int count) => day.Of(stamp.AddMonths(checked(months * count)));

    /// <inheritdoc/>
    protected override double StepsBetween(DateTimeOffset earlier, DateTimeOffset later) => MonthsBetween(earlier, later) / (double)months;

    private static MonthStep? Of(IReadOnlyList<DateTimeOffset> stamps, MonthDay day)
    {
        var counts = new SortedDictionary<int, int>();
        for (int i = 1; i < stamps.Count; i++)
        {
            int months = MonthsBetween(stamps[i - 1], stamps[i]);
            if (months > 0 && stamps[i].TimeOfDay == stamps[i - 1].TimeOfDay && day.Matches(stamps[i]) && day.Matches(stamps[i - 1]))
                counts[months] = counts.GetValueOrDefault(months) + 1;
        }

        if (counts.Count == 0) return null;
        var (step, _) = counts.MaxBy(c => c.Value); // the first of the largest: the shortest step
        double steps = stamps.Count - 1, matching = counts.Values.Sum() / steps;
        return matching < MostRows ? null : new MonthStep(step, day, matching, counts[step] / steps);
    }

    private static int MonthsBetween(DateTimeOffset earlier, DateTimeOffset later) => MonthNumber(later) - MonthNumber(earlier);

    private static int MonthNumber(DateTimeOffset stamp) => (stamp.Year * 12) + stamp.Month;
}
