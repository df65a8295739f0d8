namespace MlnetClip.Cli.Input;

/// <summary>Times on the clock of a zone, which in autumn shows an hour twice.</summary>
internal static class ZoneClock
{
    /// <summary>The moment at which the zone's clock shows a time: of the two that an autumn hour has, the first that is later than <paramref name="after"/>.</summary>
    public static DateTimeOffset At(TimeZoneInfo zone, DateTime clock, DateTimeOffset? after)
    {
        if (!zone.IsAmbiguousTime(clock)) return new DateTimeOffset(clock, zone.GetUtcOffset(clock));
        DateTimeOffset[] both = [.. zone.GetAmbiguousTimeOffsets(clock).Select(offset => new DateTimeOffset(clock, offset)).OrderBy(time => time)];
        return after is { } earlier && both[0] <= earlier ? both[^1] : both[0];
    }

    /// <summary>The zone of a name such as <c>Europe/Berlin</c>, or null.</summary>
    public static TimeZoneInfo? Find(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone) ? zone : null;
}
