using System.Globalization;
using MlnetClip.Cli.Input;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests.Input;

[TestClass]
public sealed class SeasonEstimateTests
{
    [TestMethod]
    [DataRow(12)]
    [DataRow(24)]
    [DataRow(7)]
    [DataRow(50)]
    public void ASeasonIsFound(int season)
    {
        var random = new Random(1);
        Assert.AreEqual(season, SeasonEstimate.Of(Series(400, row => (0.1 * row) + (5 * Math.Sin(2 * Math.PI * row / season)) + random.NextDouble()))!.Rows);
    }

    [TestMethod]
    public void TheWeekIsTheSeasonOfHourlyRowsWhoseWeekendsDiffer()
    {
        var random = new Random(1);
        Assert.AreEqual(168, SeasonEstimate.Of(Series(2000, row => (20 * Math.Sin(2 * Math.PI * row / 24)) + (row / 24 % 7 >= 5 ? -15 : 0) + (5 * random.NextDouble())))!.Rows);
    }

    [TestMethod]
    public void CarbonDioxideHasAYear()
    {
        double[] values =
        [
            .. File.ReadLines(Path.Combine(RepositoryFiles.Root, "samples", "data", "co2.csv")).Skip(1).Select(line => line.Split(',')[1])
                .Select(text => text.Length == 0 ? double.NaN : float.Parse(text, CultureInfo.InvariantCulture)),
        ];
        Assert.AreEqual(52, SeasonEstimate.Of(values.AsSpan(0, 1827))!.Rows);
    }

    [TestMethod]
    public void MissingValuesAreNoSeason()
    {
        Assert.IsNull(SeasonEstimate.Of(Series(160, row => row % 3 == 0 ? row : double.NaN)));
        var random = new Random(1);
        Assert.AreEqual(30, SeasonEstimate.Of(Series(360, row => row % 7 > 4 ? double.NaN : Math.Sin(2 * Math.PI * row / 30) + (0.3 * random.NextDouble())))!.Rows);
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    public void AValueInEverySecondOrThirdRowHasItsSeason(int every)
    {
        var random = new Random(1);
        Assert.AreEqual(24, SeasonEstimate.Of(Series(480, row => row % every == 0 ? (5 * Math.Sin(2 * Math.PI * row / 24)) + random.NextDouble() : double.NaN))!.Rows);
        Assert.IsNull(SeasonEstimate.Of(Series(480, row => row % every == 0 ? random.NextDouble() : double.NaN)));
    }

    [TestMethod]
    public void FewSeriesWithoutASeasonSeemToHaveOne()
    {
        var random = new Random(1);
        int found = 0;
        foreach (double share in new[] { 0, 0.9, 1 }) // noise, values near the one before, a random walk
            foreach (int rows in new[] { 20, 40, 80, 320 })
            {
                for (int i = 0; i < 25; i++)
                {
                    double value = 0;
                    if (SeasonEstimate.Of(Series(rows, _ => value = (share * value) + random.NextDouble() - 0.5)) is not null) found++;
                }
            }

        Assert.IsLessThan(9, found, $"{found} of 300");
    }

    [TestMethod]
    public void NoiseTrendAndAFewRowsHaveNone()
    {
        var random = new Random(1);
        Assert.IsNull(SeasonEstimate.Of(Series(500, _ => random.NextDouble())));
        Assert.IsNull(SeasonEstimate.Of(Series(500, row => row)));
        Assert.IsNull(SeasonEstimate.Of(Series(500, _ => 3)));
        Assert.IsNull(SeasonEstimate.Of(Series(5, row => row % 2)));
        Assert.IsNull(SeasonEstimate.Of([]));
        Assert.IsNull(SeasonEstimate.Of([double.NaN, double.NaN]));
    }

    private static double[] Series(int rows, Func<int, double> value) => [.. Enumerable.Range(0, rows).Select(value)];
}
