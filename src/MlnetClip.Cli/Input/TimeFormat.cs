using System.Globalization;
using System.Text.RegularExpressions;

namespace MlnetClip.Cli.Input;

/// <summary>
/// A format in which the times of a column are written: yyyyMMdd, ISO 8601 as common programs write it, from years to fractions of a
/// second, or a .NET format that the user gives.
/// </summary>
/// <param name="Pattern">The .NET format.</param>
/// <param name="Kind">Formats of one kind may occur together in a column; they differ only in precision and offset.</param>
internal sealed partial record TimeFormat(string Pattern, TimeFormat.Kinds Kind)
{
    /// <summary>Kinds of formats.</summary>
    internal enum Kinds
    {
        /// <summary>A format that the user gave.</summary>
        Given,

        /// <summary>Years.</summary>
        Year,

        /// <summary>Years and months.</summary>
        Month,

        /// <summary>ISO weeks, with or without the day of the week.</summary>
        Week,

        /// <summary>Years and days of the year.</summary>
        Ordinal,

        /// <summary>yyyyMMdd, with or without a time of day.</summary>
        Basic,

        /// <summary>yyyy-MM-dd, with or without a time of day.</summary>
        Extended,
    }

    private static readonly TimeFormat[] Known = BuildKnown();

    /// <summary>What is legal, for errors.</summary>
    public const string Legal = "yyyyMMdd or ISO 8601 (2001-12-29, 2001-12-29T18:30, 2001-12-29T18:30:00Z, 2001-12)";

    /// <summary>A format of the user's.</summary>
    public static TimeFormat Of(string pattern) => new(pattern, Kinds.Given);

    /// <summary>The known format in which a text is written, or null.</summary>
    /// <param name="text">The text.</param>
    /// <param name="kind">The kind that it must have; null for any.</param>
    public static TimeFormat? Detect(string text, Kinds? kind = null) =>
        Array.Find(Known, format => (kind is null || format.Kind == kind) && format.TryParse(text, out _));

    /// <summary>Whether a time is known to lie at an offset from UTC, not only on a clock.</summary>
    public bool HasOffset => Pattern.Contains('z', StringComparison.Ordinal) || Pattern.EndsWith("'Z'", StringComparison.Ordinal) || Pattern.Contains('K', StringComparison.Ordinal);

    /// <summary>Reads a text; a time without an offset is taken as UTC.</summary>
    public bool TryParse(string text, out DateTimeOffset stamp)
    {
        if (Kind == Kinds.Week) return TryParseWeek(text, out stamp);
        if (Kind == Kinds.Ordinal) return TryParseOrdinal(text, out stamp);
        if (Kind == Kinds.Given) return TryParseExact(text, out stamp);
        int days = 0;
        string clean = LongFraction().Replace(text, "$1").ToUpperInvariant();
        if (clean.Contains("T24:00", StringComparison.Ordinal) || clean.Contains(" 24:00", StringComparison.Ordinal))
            (clean, days) = (clean.Replace("24:00", "00:00", StringComparison.Ordinal), 1);
        if (!TryParseExact(clean, out stamp)) return false;
        if (days == 0) return true;
        if (stamp.TimeOfDay != TimeSpan.Zero || stamp.Date == DateTime.MaxValue.Date) return false;
        stamp = stamp.AddDays(days);
        return true;
    }

    /// <summary>Writes a time in this format.</summary>
    public string Print(DateTimeOffset stamp) => Kind switch
    {
        Kinds.Week => Pattern.Length == WeekOnly.Length
            ? string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(stamp.Date):0000}-W{ISOWeek.GetWeekOfYear(stamp.Date):00}")
            : string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(stamp.Date):0000}-W{ISOWeek.GetWeekOfYear(stamp.Date):00}-{((int)stamp.DayOfWeek + 6) % 7 + 1}"),
        Kinds.Ordinal => string.Create(CultureInfo.InvariantCulture, $"{stamp.Year:0000}-{stamp.DayOfYear:000}"),
        _ => stamp.ToString(Pattern, CultureInfo.InvariantCulture),
    };

    private const string WeekOnly = "yyyy-Www", WeekDay = "yyyy-Www-d";

    private bool TryParseExact(string text, out DateTimeOffset stamp)
    {
        try
        {
            return DateTimeOffset.TryParseExact(text, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out stamp);
        }
        catch (FormatException)
        {
            stamp = default; // the format itself is not one
            return false;
        }
    }

    private bool TryParseWeek(string text, out DateTimeOffset stamp)
    {
        stamp = default;
        Match match = IsoWeek().Match(text);
        if (!match.Success || match.Groups[3].Success != (Pattern.Length == WeekDay.Length)) return false;
        int year = Number(match.Groups[1]), week = Number(match.Groups[2]), day = match.Groups[3].Success ? Number(match.Groups[3]) : 1;
        if (year is < 1 or > 9998 || week < 1 || week > ISOWeek.GetWeeksInYear(year) || day is < 1 or > 7) return false;
        stamp = new DateTimeOffset(ISOWeek.ToDateTime(year, week, (DayOfWeek)(day % 7)), TimeSpan.Zero);
        return true;
    }

    private static bool TryParseOrdinal(string text, out DateTimeOffset stamp)
    {
        stamp = default;
        Match match = OrdinalDate().Match(text);
        if (!match.Success) return false;
        int year = Number(match.Groups[1]), day = Number(match.Groups[2]);
        if (year < 1 || day < 1 || day > (DateTime.IsLeapYear(year) ? 366 : 365)) return false;
        stamp = new DateTimeOffset(new DateTime(year, 1, 1).AddDays(day - 1), TimeSpan.Zero);
        return true;
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private static TimeFormat[] BuildKnown()
    {
        string[] fractions = [.. from mark in new[] { "'.'", "','" } from digits in Enumerable.Range(1, 7) select mark + new string('f', digits)];
        string[] zones = ["", "'Z'", "zzz", "zz", "' 'zzz", "' UTC'"];
        string[] extended = ["HH':'mm':'ss", "HH':'mm", .. fractions.Select(f => "HH':'mm':'ss" + f), "HH"];
        string[] basic = ["HHmmss", "HHmm", .. fractions.Select(f => "HHmmss" + f)];
        return
        [
            new("yyyyMMdd", Kinds.Basic), new("yyyy'-'MM'-'dd", Kinds.Extended), new("yyyy'-'MM", Kinds.Month), new("yyyy", Kinds.Year),
            new(WeekOnly, Kinds.Week), new(WeekDay, Kinds.Week), new("yyyy-ddd", Kinds.Ordinal),
            .. from zone in zones
               from time in extended
               from separator in new[] { "'T'", "' '" }
               select new TimeFormat($"yyyy'-'MM'-'dd{separator}{time}{zone}", Kinds.Extended),
            .. from zone in zones from time in basic select new TimeFormat($"yyyyMMdd'T'{time}{zone}", Kinds.Basic),
        ];
    }

    /// <summary>Fractions of a second have seven digits here; nanoseconds, as some programs write them, are cut off.</summary>
    [GeneratedRegex(@"([.,][0-9]{7})[0-9]+")]
    private static partial Regex LongFraction();

    [GeneratedRegex(@"^([0-9]{4})-?W([0-9]{2})(?:-?([0-9]))?$")]
    private static partial Regex IsoWeek();

    [GeneratedRegex(@"^([0-9]{4})-([0-9]{3})$")]
    private static partial Regex OrdinalDate();
}
