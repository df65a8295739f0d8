using MlnetClip.TestKit;

namespace MlnetClip.Tests.Evaluation;

[TestClass]
public sealed class ForecastEvaluationTests
{
    private const double Missing = double.NaN;

    /// <summary>Every number of test/Goldens/forecast_baselines.py, which shares nothing with this code but the definition.</summary>
    [TestMethod]
    public void ScoresMatchTheIndependentScript()
    {
        GoldenFile golden = GoldenFile.Load("forecast_baselines");
        double[] series = ReadCo2();
        Assert.AreEqual(golden.Integer("rows"), series.Length);
        Assert.AreEqual(golden.Integer("cut"), ForecastProtocol.Cut(series.Length, 0.2));
        foreach (GoldenFile expected in golden.Objects("cases"))
        {
            var protocol = new ForecastProtocol(expected.Integer("first_origin"), expected.Integer("horizon"), expected.Integer("season"));
            ForecastScores scores = ForecastEvaluation.Evaluate(series, MovingMeans(series, protocol), protocol);
            Assert.AreEqual(expected.Integer("pairs"), scores.Pairs);
            Assert.AreEqual(expected.Number("scale"), scores.Scale, 1e-12);
            AreEqual(expected.Object("moving_mean_12"), scores.Model, 1e-5); // forecasts are floats
            AreEqual(expected.Object("last_value"), scores.LastValue, 1e-12);
            AreEqual(expected.Object("seasonal_naive"), scores.SeasonalNaive, 1e-12);
            AreEqual(expected.Object("seasonal_naive_drift"), scores.SeasonalNaiveDrift, 1e-12);
        }
    }

    [TestMethod]
    public void ByHand()
    {
        // Origins 3 and 4 (row 5 has nothing after it); row 4 is missing, so its forecast at origin 3 does not count.
        double[] series = [1, 2, 4, 8, Missing, 32];
        float[] forecasts = [0, 30, 31, 0, 0, 0];
        ForecastScores scores = ForecastEvaluation.Evaluate(series, forecasts, new ForecastProtocol(3, 2));
        Assert.AreEqual(2, scores.Pairs);
        Assert.AreEqual(2, scores.Origins);
        Assert.AreEqual((1 + 2) / 2.0, scores.Scale);
        Assert.AreEqual(new ForecastMetrics(1.5, Math.Sqrt(2.5), 1) { Mape = (2 / 32.0 + 1 / 32.0) / 2, Smape = (4 / 62.0 + 2 / 63.0) / 2 }, scores.Model);
        Assert.AreEqual(new ForecastMetrics(24, 24, 16) { Mape = 0.75, Smape = 48 / 40.0 }, scores.LastValue, "the gap is filled with 8");
        Assert.AreEqual(new ForecastMetrics(20, Math.Sqrt((16 * 16 + 24 * 24) / 2.0), 20 / 1.5) { Mape = 0.625, Smape = (32 / 48.0 + 48 / 40.0) / 2 }, scores.SeasonalNaiveDrift, "8 + 2 * (8 - 4) = 16 at origin 3, 8 + 0 at origin 4");
    }

    [TestMethod]
    public void PairsWithoutAForecastAreLeftOutForAll()
    {
        double[] series = [5, 6, 7, 9, 10];
        float[] forecasts = [float.NaN, 9, 10, 0];
        ForecastScores scores = ForecastEvaluation.Evaluate(series, forecasts, new ForecastProtocol(1, 1));
        Assert.AreEqual(2, scores.Pairs);
        Assert.AreEqual(0, scores.Model.Mae);
        Assert.AreEqual(1.5, scores.LastValue.Mae);
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void ForecastsThatAreNotFiniteAreCounted(float forecast)
    {
        // The forecast of the missing row 3 counts nowhere; nor does the last one, which lies behind the series.
        ForecastScores scores = ForecastEvaluation.Evaluate([5, 6, 7, Missing, 10], [7, forecast, forecast, forecast], new ForecastProtocol(1, 1));
        Assert.AreEqual(1, scores.Pairs);
        Assert.AreEqual(1, scores.Skipped, "the forecast of row 4");
        Assert.AreEqual(0, scores.Model.Mae);
    }

    [TestMethod]
    public void AnEvaluationOfNothingIsAnError()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => ForecastEvaluation.Evaluate([1, 2, 4], [float.NaN, float.NaN], new ForecastProtocol(1, 1))).Message,
            "all 1 forecast values are missing or not finite");
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => ForecastEvaluation.Evaluate([1, 2, 4], [3, 3], new ForecastProtocol(1, 1, Season: 2))).Message,
            "need the 2 rows of a season before the origin");
    }

    [TestMethod]
    public void OneForecastAtATimeGivesTheSameScores()
    {
        double[] series = [1, 2, 4, 8, Missing, 32];
        var protocol = new ForecastProtocol(3, 2);
        var evaluator = new ForecastEvaluator(series, protocol);
        evaluator.Add([0, 30]);
        evaluator.Add([31, 0]);
        Assert.AreEqual(ForecastEvaluation.Evaluate(series, [0, 30, 31, 0, 0, 0], protocol), evaluator.Scores());
        evaluator.Add([0, 0]);
        Assert.ThrowsExactly<InvalidOperationException>(() => evaluator.Add([0, 0]));
        Assert.ThrowsExactly<ArgumentException>(() => new ForecastEvaluator(series, protocol).Add([0]));
    }

    [TestMethod]
    public void QuantilesAndBoundsOfSeveralSeriesAreScoredTogether()
    {
        var a = new ForecastEvaluator([1, 2, 2, 4], new ForecastProtocol(2, 1), [0.1f, 0.5f], "a");
        a.Add([5], [3, 5], [3], [6]);
        a.Add([9], [9, 9], [9], [9]); // after it there is no row
        var b = new ForecastEvaluator([10, 20, 20, 30, 50], new ForecastProtocol(2, 1), [0.1f, 0.5f], "b");
        b.Add([30], [30, 30], [31], [33]);
        b.Add([40], [20, 40], [20], [50]);
        ForecastScores scores = ForecastEvaluator.Scores([a, b]);
        Assert.AreEqual(3, scores.Pairs);
        Assert.AreEqual((0.1 * 1 + 0 + 0.1 * 30) / 3, scores.Quantiles[0].PinballLoss, 1e-12);
        Assert.AreEqual(0.1, scores.Quantiles[0].Level);
        Assert.AreEqual(1.0 / 3, scores.Quantiles[0].ShareBelow, 1e-12);
        Assert.AreEqual((2.0 / 3, (3.0 + 2 + 30) / 3), (scores.Interval!.Coverage, scores.Interval.MeanWidth));
        Assert.AreEqual(((1.0 / 1) + (0 / 10.0) + (10 / 10.0)) / 3, scores.Model.Mase, 1e-12, "each series by its own scale");
        CollectionAssert.AreEqual(new[] { "a", "b" }, scores.BySeries.Keys.ToArray());
        Assert.AreEqual(scores.Model, scores.ByStep.Single().Model);
        Assert.AreEqual(a.Scores(), scores.BySeries["a"]);
        Assert.Contains("quantiles must have a value for each of the 2 quantiles and 1 rows of the horizon, 2 in all, but had 1.", Assert.ThrowsExactly<ArgumentException>(() => b.Add([0], [0], [], [])).Message);
        Assert.Contains("upper must have a value", Assert.ThrowsExactly<ArgumentException>(() => b.Add([0], [], [0], [])).Message);
        Assert.ThrowsExactly<ArgumentException>(() => ForecastEvaluator.Scores([a, new ForecastEvaluator([1, 2], new ForecastProtocol(1, 2))]));
    }

    [TestMethod]
    public void WithoutEarlierRowsThereIsNoMase()
    {
        ForecastScores scores = ForecastEvaluation.Evaluate([1, 2, 4], [0, 0, 4, 0], new ForecastProtocol(1, 2));
        Assert.IsTrue(double.IsNaN(scores.Scale));
        Assert.IsTrue(double.IsNaN(scores.Model.Mase));
        Assert.AreEqual(4, scores.Model.Mae);
    }

    [TestMethod]
    public void AConstantPastHasNoMase() =>
        Assert.IsTrue(double.IsNaN(ForecastEvaluation.Evaluate([3, 3, 3, 4], [3, 0], new ForecastProtocol(2, 1)).LastValue.Mase));

    [TestMethod]
    public void SizesMustFit()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => ForecastEvaluation.Evaluate([1, 2, 3], [1, 2, 3], new ForecastProtocol(1, 2)));
        StringAssert.StartsWith(error.Message, "forecasts must hold a horizon of 2 for each of the 2 rows from row 1 on, 4 values, but held 3.");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ForecastEvaluation.Evaluate([1], [], new ForecastProtocol(-1, 1)));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ForecastEvaluation.Evaluate([1], [], new ForecastProtocol(0, 0)));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ForecastEvaluation.Evaluate([1], [0], new ForecastProtocol(0, 1, 0)));
    }

    [TestMethod]
    [DataRow(2284, 0.2, 1827)]
    [DataRow(10, 0.2, 8)]
    [DataRow(10, 0.3, 7)] // 10 * 0.3 is above 3 in binary
    [DataRow(100, 0.07, 93)] // and so is 100 * 0.07 above 7
    [DataRow(7, 0.5, 3)]
    [DataRow(0, 0.5, 0)]
    public void CutKeepsWholeRows(int rows, double holdout, int cut) => Assert.AreEqual(cut, ForecastProtocol.Cut(rows, holdout));

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(double.NaN)]
    public void CutRefusesShares(double holdout) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ForecastProtocol.Cut(10, holdout));

    private static void AreEqual(GoldenFile expected, ForecastMetrics actual, double tolerance)
    {
        Assert.AreEqual(expected.Number("mae"), actual.Mae, tolerance * expected.Number("mae"));
        Assert.AreEqual(expected.Number("rmse"), actual.Rmse, tolerance * expected.Number("rmse"));
        Assert.AreEqual(expected.Number("mase"), actual.Mase, tolerance * expected.Number("mase"));
    }

    /// <summary>The mean of the last 12 values, gaps filled with the value before them: what the script takes for the model.</summary>
    private static float[] MovingMeans(double[] series, ForecastProtocol protocol)
    {
        double[] filled = [.. series];
        for (int i = 1; i < filled.Length; i++)
            if (double.IsNaN(filled[i])) filled[i] = filled[i - 1];
        return
        [
            .. from t in Enumerable.Range(protocol.FirstOrigin, series.Length - protocol.FirstOrigin)
               let mean = filled[Math.Max(0, t - 11)..(t + 1)].Average()
               from h in Enumerable.Range(1, protocol.Horizon)
               select (float)mean,
        ];
    }

    private static double[] ReadCo2() =>
    [
        .. File.ReadLines(Path.Combine(RepositoryFiles.Root, "samples", "data", "co2.csv")).Skip(1)
            .Select(line => line.Split(',')[1]).Select(text => text.Length == 0 ? Missing : double.Parse(text)),
    ];
}
