using MlnetClip.Accuracy;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Accuracy;

/// <summary>The methods that the forecaster is compared with do what their names promise.</summary>
[TestClass]
public sealed class ComparatorTests
{
    /// <summary>The numbers of test/Goldens/smoothing.py, which statsmodels computed.</summary>
    [TestMethod]
    public void HoltWintersMatchesStatsmodels()
    {
        foreach (GoldenFile golden in GoldenFile.Load("smoothing").Objects("smoothing"))
        {
            var model = new HoltWinters(
                golden.Integer("season"), golden.Integer("multiplicative") == 1, golden.Number("alpha"), golden.Number("beta"), golden.Number("gamma"), golden.Number("phi"));
            model.Start(golden.Number("level"), golden.Number("trend"), golden.Doubles("indices"));
            var fitted = new List<double>();
            foreach (double value in golden.Doubles("values"))
            {
                fitted.Add(model.Forecast(1));
                model.Push(value);
            }

            Near.AssertAll(golden.Doubles("fitted"), [.. fitted], 1e-9, "one step ahead");

            // Statsmodels takes the index of the last row's season from before that row, so that every season-th forecast differs a little.
            int season = golden.Integer("season");
            int[] steps = [.. Enumerable.Range(1, 14).Where(h => season == 1 || h % season != 0)];
            double[] forecast = golden.Doubles("forecast");
            Near.AssertAll([.. steps.Select(h => forecast[h - 1])], [.. steps.Select(model.Forecast)], 1e-9, "from the end");
        }
    }

    [TestMethod]
    public void HoltWintersForecastsItselfOverAGap()
    {
        var model = new HoltWinters(2, Multiplicative: false, 0.5, 0.5, 0.5, 1);
        model.Start(10, 1, [2, -2]);
        double[] before = [.. Enumerable.Range(1, 6).Select(model.Forecast)];
        model.Push(double.NaN);
        Near.AssertAll(before.AsSpan(1), [.. Enumerable.Range(1, 5).Select(model.Forecast)], 1e-12, "forecasts after a missing row");
        Near.AssertAll([13, 10, 15], before.AsSpan(0, 3), 1e-12, "level + trend + season");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void HoltWintersFindsASeason(bool multiplicative)
    {
        double[] values = [.. Enumerable.Range(0, 120).Select(i => multiplicative ? (100 + i) * (1 + (0.2 * Math.Sin(i * Math.PI / 6))) : 100 + i + (20 * Math.Sin(i * Math.PI / 6)))];
        var series = new AccuracySeries("", values, Season: 12, Window: 12, Horizon: 6, [], [], [], "");
        Errors[] errors = Errors.Of(series, [new HoltWintersForecaster().Forecast(series, 0), NaiveRule.All[1].Forecast(series, 0)]);
        Assert.IsLessThan(0.2 * errors[1].Rmse, errors[0].Rmse);
    }

    /// <summary>Season, slope and the line's share of the forecast; statsmodels estimates the smoothing constant another way, but to a similar forecast.</summary>
    [TestMethod]
    public void ThetaMatchesStatsmodels()
    {
        foreach (GoldenFile golden in GoldenFile.Load("smoothing").Objects("theta"))
        {
            double[] values = golden.Doubles("values");
            bool multiplicative = golden.Integer("multiplicative") == 1;
            var (indices, ratios) = SeasonalIndices.Of(values, golden.Integer("season"));
            Assert.AreEqual(multiplicative, ratios);
            Near.AssertAll(golden.Doubles("indices"), indices, 1e-9, "season");
            double[] plain = [.. values.Select((value, i) => multiplicative ? value / indices[i % indices.Length] : value - indices[i % indices.Length])];
            Assert.AreEqual(golden.Number("slope"), ThetaForecaster.Slope(plain), 1e-9);
            double alpha = golden.Number("alpha");
            double[] trend = golden.Doubles("trend"), forecast = golden.Doubles("forecast");
            for (int h = 1; h <= trend.Length; h++)
                Assert.AreEqual(trend[h - 1] / 2, ThetaForecaster.Drift(golden.Number("slope"), alpha, values.Length, h), 1e-9);
            Assert.AreEqual(alpha, ThetaForecaster.Smoothing(plain), 0.03);

            // The forecast after the last row: the rows before it and the last one are all that it has seen.
            var series = new AccuracySeries("", values, golden.Integer("season"), 12, trend.Length, [], [], [], "");
            double[,] all = new ThetaForecaster().Forecast(series, 0);
            for (int h = 0; h < trend.Length; h++) Assert.AreEqual(forecast[h], all[all.GetLength(0) - 1, h], 0.03 * forecast.Max());
        }
    }

    [TestMethod]
    public void ASeriesWithoutASeasonHasNone()
    {
        var random = new Random(1);
        double[] noise = [.. Enumerable.Range(0, 200).Select(_ => random.NextDouble())];
        Assert.HasCount(1, SeasonalIndices.Of(noise, 12).Indices);
        Assert.HasCount(1, SeasonalIndices.Of(noise, 1).Indices);
    }

    [TestMethod]
    public void NaiveRulesByHand()
    {
        var series = new AccuracySeries("", [1, 3, double.NaN, 6, 5, 8, 7, 9, 10, 12], Season: 2, Window: 2, Horizon: 3, [], [], [], "");
        Assert.AreEqual(8, series.Cut);
        CollectionAssert.AreEqual(new[] { 10.0, 10, 10 }, First("last value"));
        CollectionAssert.AreEqual(new[] { 9.0, 10, 9 }, First("seasonal"));
        CollectionAssert.AreEqual(new[] { 9.0 + 3, 10 + 3, 9 + 6 }, First("seasonal, drift"));
        CollectionAssert.AreEqual(new[] { 10 + (9.0 / 8), 10 + (18.0 / 8), 10 + (27.0 / 8) }, First("drift"));

        double[] First(string name)
        {
            double[,] forecasts = NaiveRule.All.Single(rule => rule.Name == name).Forecast(series, 0);
            return [.. Enumerable.Range(0, 3).Select(h => forecasts[0, h])];
        }
    }

    [TestMethod]
    public void RidgesFindALinearRule()
    {
        // x[t] = 1.6 x[t - 1] - 0.9 x[t - 2] from 1 and 2: every window of two rows decides the rest.
        double[] values = new double[200];
        (values[0], values[1]) = (1, 2);
        for (int i = 2; i < values.Length; i++) values[i] = (1.6 * values[i - 1]) - (0.9 * values[i - 2]) + (0.1 * Math.Sin(i * i));
        var series = new AccuracySeries("", values, Season: 1, Window: 8, Horizon: 2, [], [12], [], "");
        foreach (WindowInputs inputs in Enum.GetValues<WindowInputs>())
        {
            Errors[] errors = Errors.Of(series, [new RidgeForecaster("", inputs).Forecast(series, 0), NaiveRule.All[0].Forecast(series, 0)]);
            Assert.IsLessThan(0.8 * errors[1].Rmse, errors[0].Rmse, $"{inputs}");
        }
    }

    [TestMethod]
    public void DLinearReadsAnAverageAndTheRest()
    {
        double[] values = [.. Enumerable.Range(0, 100).Select(i => (double)(i * i % 17))];
        var series = new AccuracySeries("", values, 1, Window: 5, Horizon: 2, [], [], [], "");
        var rows = new WindowRows(series, WindowInputs.Decomposed);
        var x = new double[rows.Features];
        Assert.AreEqual(10, x.Length);
        double zero = rows.ReadInputs(10, x);
        double[] window = values[6..11];
        for (int t = 0; t < 5; t++)
        {
            Assert.AreEqual(window[t], rows.ToData(x[t] + x[5 + t], zero), 1e-9, "the parts add up");
            double average = (((12 - t) * window[0]) + window.Sum() + ((12 - (4 - t)) * window[4])) / 25;
            Assert.AreEqual(average, rows.ToData(x[t], zero), 1e-9, "the window's ends repeat");
        }
    }

    [TestMethod]
    public void TheMinimumIsFound()
    {
        (double[] point, double value) = NelderMead.Minimize(x => Math.Pow(x[0] - 0.3, 2) + (10 * Math.Pow(x[1] - (x[0] * x[0]), 2)), [0.9, 0.9]);
        Near.AssertAll([0.3, 0.09], point, 1e-4, "the minimum");
        Assert.IsLessThan(1e-8, value);
        Assert.AreEqual(0, NelderMead.Minimize(x => x[0], [0.5]).Point[0], 1e-9, "the border");
    }
}
