using System.Globalization;

namespace MlnetClip.Accuracy;

/// <summary>The calendar of a series with equal steps: the periods of day, week and year, in rows, and their phases as sine and cosine.</summary>
internal static class Calendar
{
    private const double Day = 24, Week = 7 * Day, Year = 365.25 * Day; // in hours
    private const int FewestRows = 4; // a period of fewer rows has no shape

    /// <summary>The periods of at least four rows, from the time between two rows; a month is a twelfth of a year.</summary>
    public static double[] PeriodsOf(TimeSpan step)
    {
        if (step.TotalDays is >= 28 and <= 31) return [12];
        return [.. new[] { Day, Week, Year }.Select(period => period / step.TotalHours).Where(rows => rows >= FewestRows)];
    }

    /// <summary>The number of terms of the periods that a part of a series covers at least twice.</summary>
    public static int TermsOf(IReadOnlyList<double> periods) => 2 * Harmonics * periods.Count;

    /// <summary>Sine and cosine of a row's phase in each period, and of its second harmonic.</summary>
    public static void Fill(IReadOnlyList<double> periods, int row, Span<double> terms)
    {
        int next = 0;
        foreach (double period in periods)
        {
            for (int harmonic = 1; harmonic <= Harmonics; harmonic++)
            {
                (terms[next], terms[next + 1]) = Math.SinCos(2 * Math.PI * harmonic * row / period);
                next += 2;
            }
        }
    }

    private const int Harmonics = 2;

    /// <summary>Reads a time.</summary>
    public static DateTime Parse(string text) =>
        DateTime.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime compact)
            ? compact
            : DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
}
