namespace MlnetClip.Cli.Input.Steps;

/// <summary>A row for each day from Monday to Friday.</summary>
/// <param name="share">Share of the column's steps that are one business day.</param>
internal sealed class BusinessDayStep(double share) : TimeStep(share)
{
    /// <inheritdoc/>
    public override bool KeepsTheClock => true;

    /// <summary>The step, where rows are usually a day apart and none is on a weekend; else null.</summary>
    public static BusinessDayStep? Find(IReadOnlyList<DateTimeOffset> stamps, FixedStep usual) =>
        usual.Time == TimeSpan.FromDays(1) && BusinessDays.SkipsWeekends(stamps)
            ? new BusinessDayStep(ShareOf(stamps, (earlier, later) => Between(earlier, later) == 1))
            : null;

    /// <inheritdoc/>
    public override string Describe() => "1 business day";

    /// <inheritdoc/>
    protected override DateTimeOffset Move(DateTimeOffset stamp, int count) => BusinessDays.After(stamp, count);

    /// <inheritdoc/>
    protected override double StepsBetween(DateTimeOffset earlier, DateTimeOffset later) => Between(earlier, later);

    private static long Between(DateTimeOffset earlier, DateTimeOffset later) => BusinessDays.Number(later.DateTime) - BusinessDays.Number(earlier.DateTime);
}
