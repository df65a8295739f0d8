using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Tests.Output;

[TestClass]
public sealed class NaiveForecastsTests
{
    [TestMethod]
    [DataRow(1, 1, 1, "but there is only one forecast: too few to tell which is better.")]
    [DataRow(3, 1, 1, "but there are only 3 forecasts: too few to tell which is better.")]
    [DataRow(3, 5, 1, "but all of these forecasts overlap: too few to tell which is better.")]
    [DataRow(12, 5, 1, "but at most 3 forecasts can be chosen that do not overlap: too few to tell which is better.")]
    [DataRow(12, 5, 4, "but at most 4 forecasts can be chosen that do not overlap: too few to tell which is better.")]
    [DataRow(12, 5, 6, null)]
    [DataRow(5, 1, 1, null)]
    public void FewForecastsAreCounted(int origins, int horizon, int series, string? expected) => Assert.AreEqual(expected, NaiveForecasts.TooFew(Scores(origins, horizon), series));

    [TestMethod]
    public void ASeasonOfOneRowIsTheLastValue()
    {
        CollectionAssert.AreEqual(new[] { "last value", "last value plus its change" }, NaiveForecasts.Of(Scores(9, 1), 1).Select(naive => naive.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "last value", "last season (12 rows)", "last season plus its change" }, NaiveForecasts.Of(Scores(9, 1), 12).Select(naive => naive.Name).ToArray());
    }

    private static ForecastScores Scores(int origins, int horizon)
    {
        var metrics = new ForecastMetrics(1, 1, 1);
        var step = new ForecastScores { Model = metrics, LastValue = metrics, SeasonalNaive = metrics, SeasonalNaiveDrift = metrics, Scale = 1, Origins = origins, Pairs = origins, Skipped = 0 };
        return step with { Pairs = origins * horizon, ByStep = [.. Enumerable.Repeat(step, horizon)] };
    }
}
