using MlnetClip.Data;

namespace MlnetClip.Tests.Data;

[TestClass]
public sealed class CalendarTests
{
    [TestMethod]
    [DataRow(1.0, 3.0, CalendarFeatures.HourOfDay)]
    [DataRow(1.0, 15.0, CalendarFeatures.HourOfDay | CalendarFeatures.DayOfWeek)]
    [DataRow(1.0, 800.0, CalendarFeatures.HourOfDay | CalendarFeatures.DayOfWeek | CalendarFeatures.DayOfYear)]
    [DataRow(24.0, 800.0, CalendarFeatures.DayOfWeek | CalendarFeatures.DayOfYear)]
    [DataRow(24.0 * 7, 800.0, CalendarFeatures.DayOfYear)]
    [DataRow(24.0 * 30, 800.0, CalendarFeatures.MonthOfYear)]
    [DataRow(24.0 * 365, 8000.0, CalendarFeatures.None)]
    [DataRow(0.0, 0.0, CalendarFeatures.None)]
    public void FeaturesFitTheStepAndTheSpan(double hours, double days, CalendarFeatures expected) =>
        Assert.AreEqual(expected, Calendar.Fitting(TimeSpan.FromHours(hours), TimeSpan.FromDays(days)));

    [TestMethod]
    public void ChannelsAreSineAndCosineOfThePhase()
    {
        var channels = new double[Calendar.Count(CalendarFeatures.HourOfDay | CalendarFeatures.MonthOfYear)];
        Assert.HasCount(4, channels);
        Calendar.Write(CalendarFeatures.HourOfDay | CalendarFeatures.MonthOfYear, new DateTime(2024, 7, 9, 6, 0, 0), channels);
        double[] expected = [1, 0, 0, -1]; // a quarter of a day; half a year
        for (int i = 0; i < 4; i++) Assert.AreEqual(expected[i], channels[i], 1e-12);
    }

    [TestMethod]
    [DataRow("2023-12-31 23:59:59", "2024-01-01 00:00:00")]
    [DataRow("2024-12-31 23:59:59", "2025-01-01 00:00:00")]
    [DataRow("2024-02-25 23:59:59", "2024-02-26 00:00:00")]
    public void PeriodsCloseWithoutAJump(string before, string after)
    {
        const CalendarFeatures all = CalendarFeatures.HourOfDay | CalendarFeatures.DayOfWeek | CalendarFeatures.DayOfYear;
        double[] one = new double[6], other = new double[6];
        Calendar.Write(all, DateTime.Parse(before, System.Globalization.CultureInfo.InvariantCulture), one);
        Calendar.Write(all, DateTime.Parse(after, System.Globalization.CultureInfo.InvariantCulture), other);
        for (int i = 0; i < 6; i++) Assert.AreEqual(one[i], other[i], 1e-4);
    }
}
