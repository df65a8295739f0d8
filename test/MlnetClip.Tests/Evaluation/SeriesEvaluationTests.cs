using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Tests.Forecasting;

namespace MlnetClip.Tests.Evaluation;

/// <summary>Several series with quantiles and bounds.</summary>
[TestClass]
public sealed class SeriesEvaluationTests
{
    private static readonly MLContext MLContext = new(seed: 1);

    /// <summary>Store A: errors 1 and 0 at its third row, 4 at its fourth; B: 2 (where the value is 0) and no forecast, then 10.</summary>
    private static readonly Scored[] A = Store("A", [1, 2, 4, 8, 16], [[0, 0], [0, 0], [9, 16], [12, 0], [0, 0]]);

    private static readonly Scored[] B = Store("B", [10, 14, 13, 0, 30], [[0, 0], [0, 0], [2, double.NaN], [20, 0], [0, 0]]);

    [TestMethod]
    public void ByHand()
    {
        ForecastScores scores = MLContext.Forecasting.Evaluate(View(Interleaved()), Options());
        Assert.AreEqual((5L, 1L, 4, 1L, 0L), (scores.Pairs, scores.Skipped, scores.Origins, scores.ZeroActuals, scores.Unscaled));
        Assert.AreEqual(17 / 5.0, scores.Model.Mae, 1e-12);
        Assert.AreEqual(Math.Sqrt((1 + 16 + 4 + 100) / 5.0), scores.Model.Rmse, 1e-12);
        Assert.AreEqual((5 / 1.0 + 12 / 4.0) / 5, scores.Model.Mase, 1e-12, "the scale of A is 1, that of B 4");
        Assert.AreEqual((1 / 8.0 + 4 / 16.0 + 10 / 30.0) / 4, scores.Model.Mape, 1e-12);
        Assert.AreEqual((2 / 17.0 + 8 / 28.0 + 2 + 20 / 50.0) / 5, scores.Model.Smape, 1e-12);
        Assert.IsTrue(double.IsNaN(scores.Scale));

        Assert.AreEqual(0.9, scores.Quantiles[1].Level);
        Assert.AreEqual((0.3 + 0.2 + 1.8 + 0.4 + 7.2) / 5, scores.Quantiles[1].PinballLoss, 1e-12);
        Assert.AreEqual(3 / 5.0, scores.Quantiles[1].ShareBelow, 1e-12);
        Assert.AreEqual(0.1, scores.Quantiles[0].Level);
        Assert.AreEqual(new IntervalScores(3 / 5.0, 4, 5, 0), scores.Interval);

        Assert.HasCount(2, scores.ByStep);
        Assert.AreEqual((17 / 4.0, 4L, 4), (scores.ByStep[0].Model.Mae, scores.ByStep[0].Pairs, scores.ByStep[0].Origins));
        Assert.AreEqual((0.0, 1L, 1L), (scores.ByStep[1].Model.Mae, scores.ByStep[1].Pairs, scores.ByStep[1].Skipped));
        Assert.AreSequenceEqual(new[] { "A", "B" }, scores.BySeries.Keys.ToArray());
        Assert.AreEqual((6.0, 1.5, 4.0), (scores.BySeries["B"].Model.Mae, scores.BySeries["B"].Model.Mase, scores.BySeries["B"].Scale));
    }

    [TestMethod]
    public void TheLowQuantileByHand()
    {
        // Quantiles are 2 below the forecasts 9, 16, 12 (A) and 2, 20 (B): 7, 14, 10, 0, 18 for 8, 16, 16, 0, 30.
        QuantileScores low = MLContext.Forecasting.Evaluate(View(Interleaved()), Options()).Quantiles[0];
        Assert.AreEqual((0.1 * (1 + 2 + 6 + 0 + 12)) / 5, low.PinballLoss, 1e-12);
        Assert.AreEqual(1 / 5.0, low.ShareBelow, 1e-12);
    }

    [TestMethod]
    public void ASeriesCountsAsByItself()
    {
        ForecastScores all = MLContext.Forecasting.Evaluate(View(Interleaved()), Options());
        ForecastScores alone = MLContext.Forecasting.Evaluate(View(B), Options(options => (options.GroupColumnName, options.FirstRow) = (null, 2)));
        Assert.AreEqual(alone, all.BySeries["B"]);
    }

    [TestMethod]
    public void SeriesThatAreStoredOneAfterTheOtherAreCutByTime()
    {
        ForecastScores expected = MLContext.Forecasting.Evaluate(View(Interleaved()), Options());
        ForecastScores scores = MLContext.Forecasting.Evaluate(
            View([.. A, .. B]), Options(options => (options.FirstRow, options.TimeColumnName, options.FirstTime) = (0, "Time", new DateTime(2024, 1, 3))));
        Assert.AreEqual(expected, scores);
    }

    [TestMethod]
    public void WhereAllActualValuesAreZeroThereIsNoPercentageError()
    {
        Scored[] rows = Store("A", [1, 0, 0, 0], [[0, 0], [1, 0], [0, 0], [0, 0]]);
        ForecastScores scores = MLContext.Forecasting.Evaluate(View(rows), "Value", "Forecast", firstRow: 1);
        Assert.AreEqual((3L, 3L), (scores.Pairs, scores.ZeroActuals));
        Assert.IsTrue(double.IsNaN(scores.Model.Mape));
        Assert.AreEqual(2 / 3.0, scores.Model.Smape, 1e-12, "0 where forecast and actual value are 0");
        Assert.Contains("MAPE cannot tell, because every actual value is 0", scores.ToString());
    }

    [TestMethod]
    public void QuantilesAndBoundsThatAreMissingAreCounted()
    {
        Scored[] rows = Store("A", [1, 2, 3, 4], [[0, 0], [3, 4], [4, 5], [0, 0]]);
        rows[1].Low[0] = double.NaN;
        ForecastScores scores = MLContext.Forecasting.Evaluate(View(rows), Options(options => options.FirstRow = 1));
        Assert.AreEqual((3L, 0L), (scores.Pairs, scores.Skipped));
        Assert.AreEqual((2L, 1L), (scores.Quantiles[0].Pairs, scores.Quantiles[0].Skipped));
        Assert.AreEqual((2L, 1L), (scores.Interval!.Pairs, scores.Interval.Skipped));
        Assert.AreEqual((3L, 0L), (scores.Quantiles[1].Pairs, scores.Quantiles[1].Skipped));
    }

    [TestMethod]
    public void ErrorsNameTheOptionAndTheColumn()
    {
        IDataView data = View(A);
        var error = Assert.ThrowsExactly<ArgumentException>(() => MLContext.Forecasting.Evaluate(data, new ForecastEvaluationOptions
        {
            LabelColumnName = "Value", FirstRow = -1, Season = 0, ConfidenceLowerBoundColumn = "Low", FirstTime = new DateTime(2024, 1, 3), QuantileColumnNames = { [1.5f] = "Low" },
        }));
        foreach (string option in new[] { "ScoreColumnName must name", "FirstRow must be 0 or more", "Season must be 1 or more", "ConfidenceUpperBoundColumn must be set with", "FirstTime must be null without", "QuantileColumnNames must have levels" })
            Assert.Contains(option, error.Message);
        Assert.Contains("QuantileColumnNames must be set", Assert.ThrowsExactly<ArgumentException>(() => MLContext.Forecasting.Evaluate(data, Options(options => options.QuantileColumnNames = null!))).Message);
        Assert.Contains("Schema mismatch for quantile column 'Value': expected a vector of 2 values", Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => MLContext.Forecasting.Evaluate(data, Options(options => options.QuantileColumnNames[0.2f] = "Value"))).Message);
        Assert.Contains("Could not find group column 'Stor'", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => MLContext.Forecasting.Evaluate(data, Options(options => options.GroupColumnName = "Stor"))).Message);
        Assert.Contains("No forecast from row 5 on could be evaluated", Assert.ThrowsExactly<InvalidDataException>(() => MLContext.Forecasting.Evaluate(data, Options(options => options.FirstRow = 5))).Message);
        Assert.Contains("No forecast from row 4 on could be evaluated", Assert.ThrowsExactly<InvalidDataException>(() => MLContext.Forecasting.Evaluate(View([]), Options())).Message);
    }

    [TestMethod]
    public void TheColumnsOfAForecasterAreFound()
    {
        Stores.Row[] rows = Stores.Interleaved(Stores.Of("A", 100), Stores.Of("B", 100, 50, seed: 2));
        LstmForecastingTransformer model = Stores.Fit(MLContext, rows.Take(160), options =>
        {
            (options.InputColumnName, options.TargetColumnNames, options.GroupColumnName, options.TimeColumnName) = (null, ["Sales", "Visits"], "Store", "Time");
            (options.Quantiles, options.ConfidenceLowerBoundColumn, options.ConfidenceUpperBoundColumn, options.ConfidenceLevel) = ([0.1f, 0.5f, 0.9f], "Lower", "Upper", 0.8f);
        });
        ForecastEvaluationOptions options = ForecastEvaluationOptions.Of(model, "Visits");
        options.FirstRow = model.Training.Rows;
        ForecastScores scores = MLContext.Forecasting.Evaluate(model.Transform(Stores.View(MLContext, rows)), options);
        Assert.AreEqual(2 * (19 + 18), scores.Pairs, "origins 80 to 98 of each series, of which the last has one step");
        Assert.AreEqual(scores.Model.Mae / 2, scores.Quantiles[1].PinballLoss, 1e-9);
        Assert.AreSequenceEqual(new[] { 0.1, 0.5, 0.9 }, scores.Quantiles.Select(quantile => quantile.Level).ToArray());
        Assert.IsGreaterThan(0, scores.Interval!.MeanWidth);
        Assert.HasCount(2, scores.BySeries);
        Assert.Contains("targetColumnName must be one of 'Sales', 'Visits', but was 'Visit'.", Assert.ThrowsExactly<ArgumentException>(() => ForecastEvaluationOptions.Of(model, "Visit")).Message);
    }

    /// <summary>The lines of docs/forecasting.md.</summary>
    [TestMethod]
    public void TheExampleOfTheDocumentationRuns()
    {
        MLContext mlContext = MLContext;
        IDataView rows = Stores.View(mlContext, Stores.Interleaved(Stores.Of("A", 100), Stores.Of("B", 100, 50, seed: 2)));
        LstmForecastingTransformer forecaster = mlContext.Forecasting.ForecastByLstm(Stores.Options(trainer =>
        {
            (trainer.GroupColumnName, trainer.Quantiles, trainer.ConfidenceLevel) = ("Store", [0.1f, 0.5f, 0.9f], 0.8f);
            (trainer.ConfidenceLowerBoundColumn, trainer.ConfidenceUpperBoundColumn) = ("Lower", "Upper");
        })).Fit(mlContext.Data.TakeRows(rows, 160));

        var options = ForecastEvaluationOptions.Of(forecaster, targetColumnName: "Sales");
        options.FirstRow = forecaster.Training.Rows;
        options.Season = 7;
        ForecastScores all = mlContext.Forecasting.Evaluate(forecaster.Transform(rows), options);
        Console.WriteLine($"Sales: {all.Model}, of store A: {all.BySeries["A"].Model}, of the next row: {all.ByStep[0].Model}");
        Console.WriteLine($"{all.Interval}; {all.Quantiles[0]}");
        Assert.AreEqual(74, all.Pairs);
        DocumentationLines.AreIn("Forecasting.Evaluate(forecaster", "Evaluation", "SeriesEvaluationTests.cs");
    }

    private static Scored[] Interleaved() => [.. A.Zip(B).SelectMany(pair => new[] { pair.First, pair.Second })];

    private static IDataView View(IEnumerable<Scored> rows) => MLContext.Data.LoadFromEnumerable(rows);

    private static ForecastEvaluationOptions Options(Action<ForecastEvaluationOptions>? change = null)
    {
        var options = new ForecastEvaluationOptions
        {
            LabelColumnName = "Value", ScoreColumnName = "Forecast", GroupColumnName = "Store", FirstRow = 4,
            QuantileColumnNames = { [0.9f] = "High", [0.1f] = "Low" }, ConfidenceLowerBoundColumn = "Low", ConfidenceUpperBoundColumn = "High",
        };
        change?.Invoke(options);
        return options;
    }

    private static Scored[] Store(string name, double[] values, double[][] forecasts) =>
    [
        .. values.Select((value, t) => new Scored
        {
            Store = name, Time = new DateTime(2024, 1, 1).AddDays(t), Value = value, Forecast = forecasts[t],
            Low = [.. forecasts[t].Select(forecast => forecast - 2)], High = [.. forecasts[t].Select(forecast => forecast + 2)],
        }),
    ];

    private sealed class Scored
    {
        public string Store { get; set; } = "";

        public DateTime Time { get; set; }

        public double Value { get; set; }

        [VectorType(2)]
        public double[] Forecast { get; set; } = [];

        [VectorType(2)]
        public double[] Low { get; set; } = [];

        [VectorType(2)]
        public double[] High { get; set; } = [];
    }
}
