namespace MlnetClip;

/// <summary>What a forecaster derives from a time column: each is a sine and a cosine of its period.</summary>
[Flags]
public enum CalendarFeatures
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The time of day, with a period of 24 hours.</summary>
    HourOfDay = 1,

    /// <summary>The time of the week, with a period of 7 days.</summary>
    DayOfWeek = 2,

    /// <summary>The month, with a period of 12 months.</summary>
    MonthOfYear = 4,

    /// <summary>The time of the year, with a period of one year.</summary>
    DayOfYear = 8,
}
