using MlnetClip.Cli.Input;

namespace MlnetClip.Cli.Tests.Input;

[TestClass]
public sealed class TimeAxisTests
{
    [TestMethod]
    [DataRow("20011222,20011229", "20020105", "7 days")]
    [DataRow("2001-12-22,2001-12-29", "2002-01-05", "7 days")]
    [DataRow("2001-12-29 22:00,2001-12-29 23:00", "2001-12-30 00:00", "1 hour")]
    [DataRow("2001-12-29T23:30:00Z,2001-12-29T23:45:00Z", "2001-12-30T00:00:00Z", "15 minutes")]
    [DataRow("2001-12-29T10:00:00.250+02:00,2001-12-29T10:00:00.500+02:00", "2001-12-29T10:00:00.750+02:00", "00:00:00.2500000")]
    [DataRow("2001-11,2001-12", "2002-01", "1 month")]
    [DataRow("1700,1701", "1702", "1 year")]
    [DataRow("2001-01-01,2001-04-01", "2001-07-01", "3 months")]
    [DataRow("2020-01-31,2020-02-29,2020-03-31", "2020-04-30", "1 month", DisplayName = "the last day of each month")]
    [DataRow("2021-01-30,2021-02-28,2021-03-30", "2021-04-30", "1 month", DisplayName = "the 30th, where there is one")]
    [DataRow("2020-12-01,2021-01-01,2021-02-01,2021-05-01", "2021-06-01", "1 month", DisplayName = "a gap of months")]
    [DataRow("2020-01-01,2020-01-02,2020-01-03,2020-01-06,2020-01-07", "2020-01-08", "1 day", DisplayName = "a gap of days")]
    [DataRow("2020-01-01,2020-01-03,2020-01-04", "2020-01-05", "1 day", DisplayName = "the shorter of two equally frequent")]
    [DataRow("2020-06-30,2020-09-30", "2020-12-31", "3 months", DisplayName = "ends of quarters")]
    [DataRow("2020-01-31,2020-02-29,2020-03-31,2020-04-30,2020-05-29,2020-06-30,2020-07-31,2020-08-31,2020-09-30,2020-10-31,2020-11-30", "2020-12-31", "1 month", DisplayName = "a month's end with one odd row")]
    [DataRow("2020-01-02,2020-01-03,2020-01-06,2020-01-07,2020-01-08,2020-01-09,2020-01-10,2020-01-13,2020-01-16,2020-01-17", "2020-01-20", "1 business day", DisplayName = "business days with a holiday")]
    [DataRow("2020-01-01 00:00:00.000001,2020-01-01 01:00:00.000013,2020-01-01 01:59:59.999998,2020-01-01 03:00:00.000002", "2020-01-01 04:00:00.000000", "1 hour", DisplayName = "a clock that jitters")]
    [DataRow("2020-01-01 00:00:00.500000,2020-01-01 01:00:00.500000", "2020-01-01 02:00:00.500000", "1 hour", DisplayName = "a clock beside the hour that does not jitter")]
    [DataRow("2020-01-01T00:00:10,2020-01-01T00:00:20,2020-01-01T00:00:31,2020-01-01T00:00:41", "2020-01-01T00:00:51", "10 seconds", DisplayName = "one odd step")]
    [DataRow("2020-01-01,2020-01-01 01:00:00,2020-01-01 02:00:00", "2020-01-01 03:00:00", "1 hour", DisplayName = "pandas leaves out the time at midnight")]
    [DataRow("2020-01-01T00:00:00,2020-01-01T00:00:00.5,2020-01-01T00:00:01", "2020-01-01T00:00:01.5", "00:00:00.5000000", DisplayName = "fractions come later")]
    [DataRow("2020-01-01T00:00Z,2020-01-01T00:30Z", "2020-01-01T01:00Z", "30 minutes")]
    [DataRow("2020-01-01T00:00:00+0200,2020-01-01T00:30:00+0200", "2020-01-01T01:00:00+02:00", "30 minutes")]
    [DataRow("2020-01-01 00:00:00+02,2020-01-01 00:30:00+02", "2020-01-01 01:00:00+02", "30 minutes", DisplayName = "PostgreSQL")]
    [DataRow("2020-01-01 00:00:00 UTC,2020-01-01 00:30:00 UTC", "2020-01-01 01:00:00 UTC", "30 minutes", DisplayName = "BigQuery")]
    [DataRow("2020-01-01T00:00:00.000000000,2020-01-01T00:30:00.000000000", "2020-01-01T01:00:00.0000000", "30 minutes", DisplayName = "nanoseconds")]
    [DataRow("2020-01-01t00:00:00z,2020-01-01t00:30:00z", "2020-01-01T01:00:00Z", "30 minutes", DisplayName = "small letters")]
    [DataRow("2020-01-01T00:00:00<comma>5,2020-01-01T00:00:01<comma>5", "2020-01-01T00:00:02,5", "1 second", DisplayName = "a comma before the fraction")]
    [DataRow("20200101T000000Z,20200101T003000Z", "20200101T010000Z", "30 minutes")]
    [DataRow("2020-01-01T23:00,2020-01-01T24:00", "2020-01-02T01:00", "1 hour", DisplayName = "the end of the day")]
    [DataRow("2020-W52,2020-W53", "2021-W01", "7 days")]
    [DataRow("2020-W53-6,2020-W53-7", "2021-W01-1", "1 day")]
    [DataRow("2019-364,2019-365", "2020-001", "1 day")]
    [DataRow("2020-01-31,2020-02-28,2020-03-31,2020-04-30,2020-05-29", "2020-06-30", "1 month, on the last business day", DisplayName = "the last business day of each month")]
    [DataRow("2020-02-28,2020-03-31,2020-04-30", "2020-05-29", "1 month, on the last business day")]
    [DataRow("2019-01-31,2019-02-28,2019-03-29,2019-04-30,2019-05-31,2019-06-28,2019-07-31,2019-08-30,2019-09-30,2019-10-31,2019-11-27,2019-12-31,2020-01-31", "2020-02-28", "1 month, on the last business day", DisplayName = "with a holiday")]
    [DataRow("2019-06-28,2019-09-30,2019-12-31,2020-03-31,2020-06-30,2020-09-30,2020-12-31,2021-03-31,2021-06-30,2021-09-30,2021-12-31,2022-03-31", "2022-06-30", "3 months, on the last business day")]
    [DataRow("2020-04-01,2020-05-01,2020-06-01,2020-07-01,2020-08-03,2020-09-01,2020-10-01,2020-11-02,2020-12-01", "2021-01-01", "1 month, on the first business day")]
    public void LabelsGoOnByTheUsualStep(string texts, string next, string step)
    {
        TimeAxis axis = Parse(null, [.. texts.Split(',').Select(text => text.Replace("<comma>", ",", StringComparison.Ordinal))]);
        Assert.AreEqual(step, axis.Step!.Describe());
        Assert.AreEqual(next, axis.Label(axis.Texts.Count));
        Assert.AreEqual(axis.Texts[0], axis.Label(0));
    }

    /// <summary>10 days of trading from Monday 2020-01-06 on, with a holiday and a day that ends early.</summary>
    [TestMethod]
    public void TradingHoursContinueOnTheNextBusinessDay()
    {
        string[] times = ["09:30", "10:30", "11:30", "12:30", "13:30", "14:30", "15:30"];
        string[] texts = [.. from day in new[] { 6, 7, 8, 9, 10, 13, 14, 16, 17, 20, 21, 22, 23, 24 } from time in day == 21 ? times[..4] : times select $"2020-01-{day:00} {time}"];
        TimeAxis axis = Parse(null, texts);
        Assert.AreEqual("1 hour from 09:30 to 15:30 on business days", axis.Step!.Describe());
        CollectionAssert.AreEqual(
            new[] { "2020-01-27 09:30", "2020-01-27 10:30", "2020-01-27 15:30", "2020-01-28 09:30", "2020-02-03 09:30" },
            new[] { 0, 1, 6, 7, 35 }.Select(i => axis.Label(texts.Length + i)).ToArray());
        Assert.AreEqual(new TimeGaps(2, 7, 48), axis.Gaps, "the holiday and the early end, no night");
        Assert.AreEqual("2020-01-22 12:30", Parse(null, texts[..^18]).Label(texts.Length - 18), "in the middle of a day");
    }

    [TestMethod]
    public void OpeningHoursMayHaveABreakAndNeedNoWeekend()
    {
        string[] texts = [.. from day in Enumerable.Range(6, 20) from time in new[] { "08:00", "08:30", "11:00", "11:30" } select $"2020-01-{day:00}T{time}:00Z"];
        TimeAxis axis = Parse(null, texts);
        Assert.AreEqual("30 minutes from 08:00 to 11:30", axis.Step!.Describe());
        Assert.AreEqual("2020-01-26T08:00:00Z,2020-01-26T08:30:00Z,2020-01-26T11:00:00Z", string.Join(',', Enumerable.Range(texts.Length, 3).Select(axis.Label)));
        Assert.AreEqual(TimeGaps.None, axis.Gaps);
        Assert.AreEqual(1, axis.Step.Share);
    }

    [TestMethod]
    public void ADayWithAllItsRowsHasNoHours()
    {
        string[] texts = [.. Enumerable.Range(0, 100).Where(i => i is not (30 or 31 or 60)).Select(i => new DateTime(2020, 1, 1).AddHours(i).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture))];
        TimeAxis axis = Parse(null, texts);
        Assert.AreEqual("1 hour", axis.Step!.Describe());
        Assert.AreEqual(new TimeGaps(2, 2, 29), axis.Gaps);
        Assert.AreEqual("2020-01-03,2020-01-04", string.Join(',', Enumerable.Range(2, 2).Select(Parse(null, "2020-01-01", "2020-01-02").Label)));
    }

    [TestMethod]
    public void MonthEndsComeBackAfterShortMonths()
    {
        TimeAxis axis = Parse(null, "2022-12-31", "2023-01-31");
        CollectionAssert.AreEqual(new[] { "2023-02-28", "2023-03-31", "2023-04-30", "2023-05-31" }, Enumerable.Range(2, 4).Select(axis.Label).ToArray());
    }

    [TestMethod]
    public void AFormatOfOnesOwn() => Assert.AreEqual("05.01.2002", Parse("dd.MM.yyyy", "22.12.2001", "29.12.2001").Label(2));

    [TestMethod]
    public void TheShareOfTheUsualStepIsKnown() => Assert.AreEqual(0.75, Parse(null, "2020-01-01", "2020-01-02", "2020-01-03", "2020-01-06", "2020-01-07").Step!.Share);

    [TestMethod]
    [DataRow("20200101,20200103,20200102", "row 2: the times must increase from row to row, but '20200102' is not after '20200103' on line 11.")]
    [DataRow("20200101,20200101", "row 1: the times must increase from row to row, but '20200101' is not after '20200101' on line 10.")]
    [DataRow("20200101,2020-01-02", "row 1: '2020-01-02' is not a time in the format of line 10, '20200101'.")]
    [DataRow("20200101,", "row 1: '' is not a time in the format of line 10, '20200101'.")]
    [DataRow("20201301", "row 0: '20201301' is not a time: expected yyyyMMdd or ISO 8601 (2001-12-29, 2001-12-29T18:30, 2001-12-29T18:30:00Z, 2001-12).")]
    public void WrongTimesAreNamed(string texts, string message) =>
        Assert.AreEqual(message, Assert.ThrowsExactly<InputException>(() => Parse(null, texts.Split(','))).Message);

    [TestMethod]
    public void OffsetsCount() =>
        Errors.Have(() => Parse(null, "2020-01-01T10:00+00:00", "2020-01-01T11:00+02:00"), "must increase");

    [TestMethod]
    public void ASingleRowShowsNoStep() => Errors.Have(() => Parse(null, "20200101").Label(1), "needs at least two rows");

    [TestMethod]
    public void TheCalendarEnds() => Errors.Have(() => Parse(null, "9998-12-31", "9999-12-31").Label(2), "beyond the year 9999");

    [TestMethod]
    public void AnHourThatRepeatsInAutumnIsRecognised()
    {
        string[] clock = ["2023-10-29T01:30", "2023-10-29T02:00", "2023-10-29T02:30", "2023-10-29T02:00", "2023-10-29T02:30", "2023-10-29T03:00"];
        var error = Assert.ThrowsExactly<InputException>(() => Parse(null, clock));
        StringAssert.Contains(error.Message, "an hour repeats");
        StringAssert.Contains(error.Hint, "--time-zone Europe/Berlin");

        TimeAxis axis = ParseIn(CentralEurope, clock);
        Assert.AreEqual("30 minutes", axis.Step!.Describe());
        Assert.AreEqual(1, axis.Step.Share);
        Assert.AreEqual(TimeGaps.None, axis.Gaps);
        Assert.AreEqual("2023-10-29T03:30", axis.Label(6));
        Assert.AreEqual("2023-10-29T02:00", ParseIn(CentralEurope, clock[..3]).Label(3), "the second time");
        Assert.AreEqual("2023-03-26T03:00", ParseIn(CentralEurope, "2023-03-26T01:00", "2023-03-26T01:30").Label(2), "the hour that is left out in spring");
        Assert.AreEqual("2023-10-30T12:00", ParseIn(CentralEurope, "2023-10-27T12:00", "2023-10-28T12:00").Label(3), "days keep the time of day");
        Assert.AreEqual("2023-10-29T02:00:00+01:00", Parse(null, "2023-10-29T02:00:00+02:00", "2023-10-29T02:30:00+02:00", "2023-10-29T02:00:00+01:00").Label(2));
    }

    [TestMethod]
    [DataRow("2020-01-01,2020-01-02,2020-01-01,2020-01-02", "2 series", "name the column that tells the series apart (store, region, sensor and the like) with --group", DisplayName = "one store after the other")]
    [DataRow("2020-01-01,2020-01-01,2020-01-01,2020-01-02,2020-01-02,2020-01-02", "3 series", "name the column that tells the series apart (store, region, sensor and the like) with --group", DisplayName = "three stores a day")]
    [DataRow("2020-01-01,2020-01-02,2020-01-02,2020-01-03", "is not after", "each row must have its own time")]
    [DataRow("2020-01-03,2020-01-02,2020-01-01", "is not after", "sort the file by time")]
    public void WhatDoesNotIncreaseIsNotAnsweredWithRemovingRows(string texts, string problem, string hint)
    {
        var error = Assert.ThrowsExactly<InputException>(() => Parse(null, texts.Split(',')));
        StringAssert.Contains(error.Message, problem);
        StringAssert.Contains(error.Hint, hint);
        Assert.DoesNotContain("remove", error.Hint);
    }

    [TestMethod]
    [DataRow("yyyy-mm-dd", "2001-12-29", "--time-format 'yyyy-mm-dd' has minutes (mm) and no month (MM).", "leave --time-format out")]
    [DataRow("dd.mm.yyyy", "29.12.2001", "has minutes (mm)", "did you mean --time-format dd.MM.yyyy? MM are months, mm minutes.")]
    [DataRow("DD.MM.YYYY", "29.12.2001", "is not a time in", "did you mean --time-format dd.MM.yyyy?")]
    [DataRow("dd.MM.yyyy hh:mm", "29.12.2001 18:30", "is not a time in", "did you mean --time-format \"dd.MM.yyyy HH:mm\"? HH are hours from 0 to 23, hh from 1 to 12.")]
    [DataRow("%d.%m.%Y", "29.12.2001", "is not a time in", "did you mean --time-format dd.MM.yyyy? It takes .NET formats.")]
    [DataRow("dd.MM.yyyy", "29/12/2001", "is not a time in", "did you mean --time-format dd/MM/yyyy?")]
    [DataRow(null, "29.12.2001", "is not a time: expected", "pass --time-format dd.MM.yyyy or --time-format d.M.yyyy.")]
    [DataRow(null, "12/29/2001 6:30 PM", "is not a time: expected", "pass --time-format \"MM/dd/yyyy h:mm tt\"")]
    [DataRow(null, "never", "is not a time: expected", "for another format pass --time-format")]
    public void AFormatThatIsMeantOtherwiseGetsAHintThatWorks(string? format, string text, string problem, string hint)
    {
        var error = Assert.ThrowsExactly<InputException>(() => Parse(format, text));
        StringAssert.Contains(error.Message, problem);
        StringAssert.StartsWith(error.Hint, hint);
    }

    [TestMethod]
    public void GapsAreCountedAndTheLongestIsNamed()
    {
        Assert.AreEqual(new TimeGaps(2, 2, 3), Parse(null, "2020-01-01", "2020-01-02", "2020-01-04", "2020-01-05", "2020-01-08", "2020-01-09").Gaps);
        Assert.AreEqual(new TimeGaps(1, 2, 2), Parse(null, "2020-12-01", "2021-01-01", "2021-02-01", "2021-05-01").Gaps);
        Assert.AreEqual(TimeGaps.None, Parse(null, "2020-01-30", "2020-02-29", "2020-03-30").Gaps);
        Assert.AreEqual(
            new TimeGaps(1, 2, 7), Parse(null, "2020-01-02", "2020-01-03", "2020-01-06", "2020-01-07", "2020-01-08", "2020-01-09", "2020-01-10", "2020-01-13", "2020-01-16", "2020-01-17").Gaps, "weekends are none");
    }

    /// <summary>The rules of Central Europe, so that the test needs no zone files of the system.</summary>
    private static TimeZoneInfo CentralEurope => TimeZoneInfo.CreateCustomTimeZone(
        "test", TimeSpan.FromHours(1), "test", "winter", "summer",
        [TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            new DateTime(1996, 1, 1), DateTime.MaxValue.Date, TimeSpan.FromHours(1),
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday),
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 5, DayOfWeek.Sunday))]);

    private static TimeAxis ParseIn(TimeZoneInfo zone, params string[] texts) => TimeAxis.Parse("date", texts, null, zone, row => $"row {row}", row => row + 10);

    private static TimeAxis Parse(string? format, params string[] texts) => TimeAxis.Parse("date", texts, format, null, row => $"row {row}", row => row + 10);
}
