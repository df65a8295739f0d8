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
    public void LabelsGoOnByTheUsualStep(string texts, string next, string step)
    {
        TimeAxis axis = Parse(null, texts.Split(','));
        Assert.AreEqual(step, axis.Step!.Describe());
        Assert.AreEqual(next, axis.Label(axis.Texts.Count));
        Assert.AreEqual(texts.Split(',')[0], axis.Label(0));
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
    public void OffsetsAreHeeded() =>
        Errors.Have(() => Parse(null, "2020-01-01T10:00+00:00", "2020-01-01T11:00+02:00"), "must increase");

    [TestMethod]
    public void ASingleRowShowsNoStep() => Errors.Have(() => Parse(null, "20200101").Label(1), "needs at least two rows");

    [TestMethod]
    public void TheCalendarEnds() => Errors.Have(() => Parse(null, "9998-12-31", "9999-12-31").Label(2), "beyond the year 9999");

    private static TimeAxis Parse(string? format, params string[] texts) => TimeAxis.Parse("date", texts, format, row => $"row {row}", row => row + 10);
}
