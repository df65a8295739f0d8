namespace MlnetClip.Data;

/// <summary>The calendar channels of a time: a sine and a cosine for each period.</summary>
internal static class Calendar
{
    /// <summary>Every period, in the order of the channels.</summary>
    private static readonly CalendarFeatures[] s_all = Enum.GetValues<CalendarFeatures>().Where(feature => feature != CalendarFeatures.None).ToArray();

    /// <summary>The number of channels.</summary>
    public static int Count(CalendarFeatures features) => 2 * s_all.Count(feature => features.HasFlag(feature));

    /// <summary>Writes the channels of a time.</summary>
    public static void Write(CalendarFeatures features, DateTime time, Span<double> channels)
    {
        int next = 0;
        foreach (CalendarFeatures feature in s_all)
        {
            if ((features & feature) == 0) continue;
            (channels[next], channels[next + 1]) = Math.SinCos(2 * Math.PI * Phase(feature, time));
            next += 2;
        }
    }

    /// <summary>
    /// The periods that rows of a step can tell apart and that the data have seen at least twice: at least three rows in a period.
    /// </summary>
    /// <param name="step">The usual time between two rows.</param>
    /// <param name="span">The time from the first to the last row.</param>
    public static CalendarFeatures Fitting(TimeSpan step, TimeSpan span)
    {
        CalendarFeatures features = CalendarFeatures.None;
        foreach (CalendarFeatures feature in s_all)
        {
            TimeSpan period = Period(feature);
            if (feature == CalendarFeatures.MonthOfYear && step < TimeSpan.FromDays(28)) continue; // the time of the year says more
            if (feature == CalendarFeatures.DayOfYear && step >= TimeSpan.FromDays(28)) continue;
            if (step > TimeSpan.Zero && 3 * step <= period && 2 * period <= span + step) features |= feature;
        }

        return features;
    }

    private static TimeSpan Period(CalendarFeatures feature) => TimeSpan.FromDays(feature switch
    {
        CalendarFeatures.HourOfDay => 1,
        CalendarFeatures.DayOfWeek => 7,
        _ => 365,
    });

    private static double Phase(CalendarFeatures feature, DateTime time) => feature switch
    {
        CalendarFeatures.HourOfDay => time.TimeOfDay.TotalDays,
        CalendarFeatures.DayOfWeek => ((int)time.DayOfWeek + time.TimeOfDay.TotalDays) / 7,
        CalendarFeatures.MonthOfYear => (time.Month - 1) / 12.0,
        _ => (time.DayOfYear - 1 + time.TimeOfDay.TotalDays) / (DateTime.IsLeapYear(time.Year) ? 366 : 365),
    };
}
