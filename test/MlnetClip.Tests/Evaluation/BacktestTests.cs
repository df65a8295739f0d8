using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.Tests.Forecasting;

namespace MlnetClip.Tests.Evaluation;

/// <summary>Folds, the rows that a fit gets, and what changes with the future: nothing.</summary>
[TestClass]
public sealed class BacktestTests
{
    private static readonly MLContext MLContext = new(seed: 1);

    [TestMethod]
    public void TheFoldsByHand()
    {
        // Seven rows, folds from rows 3 and 5 on: origins 2, 3 and 4, 5; two steps each, as far as there are rows.
        var recorder = new Recorder();
        ForecastBacktestResult result = MLContext.Forecasting.Backtest(View(Store("A", [1, 2, 4, 7, 11, 16, 22])), recorder, Options());
        Assert.AreSequenceEqual(new[] { "A1 A2 A4", "A1 A2 A4 A7 A11" }, recorder.Fits.ToArray());
        Assert.AreSequenceEqual(new[] { 4L, 3L }, result.Folds.Select(fold => fold.Scores.Pairs).ToArray());
        Assert.AreEqual((3 + 7 + 4 + 9) / 4.0, result.Folds[0].Scores.Model.Mae, 1e-12, "4 for 7 and 11, 7 for 11 and 16");
        Assert.AreEqual((5 + 11 + 6) / 3.0, result.Folds[1].Scores.Model.Mae, 1e-12, "11 for 16 and 22, 16 for 22");
        Assert.AreEqual((3 + 7 + 4 + 9 + 5 + 11 + 6) / 7.0, result.Scores.Model.Mae, 1e-12);
        Assert.AreEqual((3 + 4 + 5 + 6) / 4.0, result.Scores.ByStep[0].Model.Mae, 1e-12);
        Assert.AreEqual((23 / 1.0 + 22 / 2.0) / 7, result.Scores.Model.Mase, 1e-12, "the scale of a fold comes from the rows before its first origin: 1, and the mean of 1, 2 and 3");
        Assert.AreSequenceEqual(new[] { (1, 3, 3, true), (2, 5, 5, true) }, result.Folds.Select(fold => (fold.Number, fold.RowsBefore, fold.TrainingRows, fold.IsRefit)).ToArray());
        Assert.AreEqual(2, result.Fits);
    }

    [TestMethod]
    public void AFitGetsTheRowsBeforeItsFoldOnly()
    {
        Scored[] a = Store("A", [1, 2, 3, 4, 5, 6, 7]), b = Store("B", [1, 2, 3, 4, 5], firstDay: 3); // B begins two days after A and ends with it
        AreFits(["A2 A3", "A4 A5"], a, options => options.TrainingRows = 2);
        AreFits(["A1 A2 A3"], a, options => options.RefitEvery = 0);
        AreFits(["A1", "A1 A2 A3 A4 A5"], a, options => (options.NumberOfFolds, options.RefitEvery) = (3, 2));
        AreFits(["A1 A2 A3 B1", "A1 A2 A3 A4 A5 B1 B2 B3"], [.. a, .. b], Grouped);
        AreFits(["A1 B1 A2 A3", "A1 B1 A2 B2 A3 B3 A4 A5"], [.. a.Zip(b).SelectMany(pair => new[] { pair.First, pair.Second }), .. a[5..]], Grouped);

        // C ends before the others: by its rows it is cut as they are, by time it has ended before the second fold.
        Scored[] c = Store("C", [1, 2, 3, 4]);
        AreFits(["A1 A2 A3", "A1 A2 A3 A4 A5 C1 C2"], [.. a, .. c], Grouped);
        AreFits(["A1 A2 A3 C1 C2 C3", "A1 A2 A3 A4 A5 C1 C2 C3 C4"], [.. a, .. c], options =>
        {
            Grouped(options);
            options.TimeColumnName = "Time";
        });

        static void Grouped(ForecastBacktestOptions options) => options.GroupColumnName = options.Evaluation!.GroupColumnName = "Store";
    }

    [TestMethod]
    [DataRow(SeriesScaling.RelativeToLast, ForecastStrategy.Direct)]
    [DataRow(SeriesScaling.RelativeToLast, ForecastStrategy.Recursive)]
    [DataRow(SeriesScaling.Standardize, ForecastStrategy.Direct)]
    [DataRow(SeriesScaling.Standardize, ForecastStrategy.Recursive)]
    [DataRow(SeriesScaling.Robust, ForecastStrategy.Direct)]
    [DataRow(SeriesScaling.Robust, ForecastStrategy.Recursive)]
    [DataRow(SeriesScaling.PerWindow, ForecastStrategy.Direct)]
    [DataRow(SeriesScaling.PerWindow, ForecastStrategy.Recursive)]
    [DataRow(SeriesScaling.SeasonalDifference, ForecastStrategy.Direct)]
    [DataRow(SeriesScaling.SeasonalDifference, ForecastStrategy.Recursive)]
    [DataRow(SeriesScaling.None, ForecastStrategy.Direct)]
    [DataRow(SeriesScaling.None, ForecastStrategy.Recursive)]
    public void TheFutureChangesNoPastForecast(SeriesScaling scaling, ForecastStrategy strategy)
    {
        Stores.Row[] a = Stores.Of("A", 70), b = Stores.Of("B", 70, 50, seed: 2);
        IEstimator<ITransformer> pipeline = MLContext.Transforms.NormalizeMeanVariance("Weather", fixZero: false).Append(MLContext.Forecasting.ForecastByLstm(Stores.Options(options =>
        {
            bool isDirect = strategy == ForecastStrategy.Direct;
            (options.GroupColumnName, options.TimeColumnName, options.Strategy, options.StaticCovariateColumnNames) = ("Store", "Time", strategy, ["Size"]);
            (options.PastCovariateColumnNames, options.FutureCovariateColumnNames) = (isDirect ? ["Weather"] : [], ["Holiday"]);
            (options.Quantiles, options.ConfidenceLowerBoundColumn, options.ConfidenceUpperBoundColumn, options.ConfidenceLevel) = (isDirect ? [0.25f, 0.5f, 0.75f] : [], "Lower", "Upper", 0.5f);
            (options.Scaling, options.SeasonLength, options.NumberOfEpochs) = (scaling, scaling == SeriesScaling.SeasonalDifference ? 7 : null, 1);
        })));
        ForecastBacktestOptions options = new() { NumberOfFolds = 3, FoldRows = 8, GroupColumnName = "Store", TimeColumnName = "Time" };
        ForecastBacktestResult before = MLContext.Forecasting.Backtest(Stores.View(MLContext, Stores.Interleaved(a, b)), pipeline, options);

        // The last fold begins at row 62; the second one's forecasts reach to it, and read its holidays.
        foreach (Stores.Row row in a[63..].Concat(b[63..]))
        {
            (row.Sales, row.Visits, row.Weather, row.Holiday) = (10_000 + row.Sales, -row.Visits, 1000 * row.Weather, !row.Holiday);
            row.Size = [7, 7];
        }

        ForecastBacktestResult after = MLContext.Forecasting.Backtest(Stores.View(MLContext, Stores.Interleaved(a, b)), pipeline, options);
        Assert.AreEqual(before.Folds[0].Scores, after.Folds[0].Scores);
        Assert.AreEqual(before.Folds[1].Scores, after.Folds[1].Scores);
        Assert.AreNotEqual(before.Folds[2].Scores, after.Folds[2].Scores);
        Assert.IsGreaterThan(20, before.Folds[1].Scores.Pairs);
    }

    [TestMethod]
    public void AForecasterIsBacktestedAsItIsEvaluated()
    {
        Stores.Row[] rows = Stores.Of("A", 80);
        LstmForecastingTrainer trainer = MLContext.Forecasting.ForecastByLstm(Stores.Options(options => (options.InputColumnName, options.TargetColumnNames) = (null, ["Sales", "Visits"])));
        ForecastBacktestResult result = MLContext.Forecasting.Backtest(Stores.View(MLContext, rows), trainer, numberOfFolds: 1, foldRows: 20, season: 7);
        LstmForecastingTransformer model = trainer.Fit(Stores.View(MLContext, rows.Take(60)));
        foreach (string target in new[] { "Sales", "Visits" })
        {
            ForecastEvaluationOptions options = ForecastEvaluationOptions.Of(model, target);
            (options.FirstRow, options.Season) = (59, 7);
            Assert.AreEqual(MLContext.Forecasting.Evaluate(model.Transform(Stores.View(MLContext, rows)), options), result.ByTarget[target]);
        }

        Assert.AreEqual(result.ByTarget["Sales"], result.Scores);
        Assert.Contains("1 fold, 1 fit: MAE ", result.ToString());
        Assert.Contains("fold 1, after 60 rows, trained on 60 rows: MAE ", result.Folds[0].ToString());
    }

    [TestMethod]
    public void ProgressIsReportedAndAFitCanBeCancelled()
    {
        IDataView data = View(Store("A", [1, 2, 4, 7, 11, 16, 22]));
        var folds = new List<ForecastBacktestFold>();
        using var cancellation = new CancellationTokenSource();
        ForecastBacktestOptions options = Options();
        (options.Progress, options.CancellationToken) = (new Progress(fold =>
        {
            folds.Add(fold);
            cancellation.Cancel();
        }), cancellation.Token);
        var recorder = new Recorder();
        Assert.ThrowsExactly<OperationCanceledException>(() => MLContext.Forecasting.Backtest(data, recorder, options));
        Assert.HasCount(1, folds);
        Assert.HasCount(1, recorder.Fits);

        int steps = 0;
        using var duringFit = new CancellationTokenSource();
        LstmForecastingTrainer trainer = MLContext.Forecasting.ForecastByLstm(Stores.Options(trainerOptions => trainerOptions.Observer = new StepObserver(_ =>
        {
            steps++;
            duringFit.Cancel();
        })));
        Assert.Throws<OperationCanceledException>(() => MLContext.Forecasting.Backtest(
            Stores.View(MLContext, Stores.Of("A", 80)), trainer, new ForecastBacktestOptions { FoldRows = 5, CancellationToken = duringFit.Token }));
        Assert.AreEqual(1, steps);
    }

    [TestMethod]
    public void ErrorsSayWhatToDo()
    {
        IDataView data = View(Store("A", [1, 2, 3, 4]));
        var error = Assert.ThrowsExactly<ArgumentException>(() => MLContext.Forecasting.Backtest(data, new Recorder(), new ForecastBacktestOptions { NumberOfFolds = 0, RefitEvery = -1, Season = 0, TrainingRows = 0 }));
        foreach (string option in new[] { "NumberOfFolds must be 1 or more", "FoldRows must be 1 or more", "RefitEvery must be 0 or more", "Season must be 1 or more", "TrainingRows must be 1 or more" })
            Assert.Contains(option, error.Message);
        Assert.Contains("data must have at least 5 rows for 2 folds of 2 rows and a row to train on, but has 4.", Assert.ThrowsExactly<InvalidDataException>(() => MLContext.Forecasting.Backtest(data, new Recorder(), Options())).Message);
        Assert.Contains("Evaluation must name the columns", Assert.ThrowsExactly<ArgumentException>(() => MLContext.Forecasting.Backtest(data, new Recorder(), 1, 1)).Message);
        IDataView stores = Stores.View(MLContext, Stores.Of("A", 60));
        var chain = MLContext.Transforms.CopyColumns("Copy", "Sales").Append(MLContext.Forecasting.ForecastByLstm(Stores.Options(options => options.GroupColumnName = "Store")));
        Assert.Contains("GroupColumnName must name the column of the series, as the forecaster's 'Store', but was null.", Assert.ThrowsExactly<ArgumentException>(() => MLContext.Forecasting.Backtest(stores, chain, 2, 5)).Message);
        Assert.Contains("Could not find time column 'Tim'", Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => MLContext.Forecasting.Backtest(stores, chain, new ForecastBacktestOptions { FoldRows = 5, TimeColumnName = "Tim" })).Message);
        Assert.Contains("No forecast of the 1 fold could be evaluated", Assert.ThrowsExactly<InvalidDataException>(
            () => MLContext.Forecasting.Backtest(View(Store("A", [1, double.NaN])), new Recorder(), Options(options => (options.NumberOfFolds, options.FoldRows) = (1, 1)))).Message);
    }

    /// <summary>The lines of docs/forecasting.md.</summary>
    [TestMethod]
    public void TheExampleOfTheDocumentationRuns()
    {
        MLContext mlContext = MLContext;
        IDataView rows = Stores.View(mlContext, Stores.Interleaved(Stores.Of("A", 120), Stores.Of("B", 120, 50, seed: 2)));
        LstmForecastingTrainer pipeline = mlContext.Forecasting.ForecastByLstm(Stores.Options(options => options.GroupColumnName = "Store"));

        ForecastBacktestResult backtest = mlContext.Forecasting.Backtest(rows, pipeline, new ForecastBacktestOptions
        {
            NumberOfFolds = 3, FoldRows = 14, RefitEvery = 1, TrainingRows = 56, Season = 7, GroupColumnName = "Store", TimeColumnName = "Time",
        });
        foreach (ForecastBacktestFold fold in backtest.Folds) Console.WriteLine(fold);
        Console.WriteLine($"{backtest.Scores}; two rows ahead {backtest.Scores.ByStep[1].Model}");
        Assert.AreEqual(112, backtest.Folds[0].TrainingRows);
        DocumentationLines.AreIn("Forecasting.Backtest(", "Evaluation", "BacktestTests.cs");
    }

    private static void AreFits(string[] expected, Scored[] rows, Action<ForecastBacktestOptions> change)
    {
        var recorder = new Recorder();
        MLContext.Forecasting.Backtest(View(rows), recorder, Options(change));
        Assert.AreSequenceEqual(expected, recorder.Fits.ToArray());
    }

    private static ForecastBacktestOptions Options(Action<ForecastBacktestOptions>? change = null)
    {
        var options = new ForecastBacktestOptions { NumberOfFolds = 2, FoldRows = 2, Evaluation = new ForecastEvaluationOptions { LabelColumnName = "Value", ScoreColumnName = "Forecast" } };
        change?.Invoke(options);
        return options;
    }

    private static IDataView View(IEnumerable<Scored> rows) => MLContext.Data.LoadFromEnumerable(rows);

    private static Scored[] Store(string name, double[] values, int firstDay = 1) =>
        [.. values.Select((value, t) => new Scored { Store = name, Time = new DateTime(2024, 1, firstDay).AddDays(t), Value = value })];

    private sealed class Scored
    {
        public string Store { get; set; } = "";

        public DateTime Time { get; set; }

        public double Value { get; set; }
    }

    private sealed class Repeated
    {
        [VectorType(2)]
        public double[] Forecast { get; set; } = [];
    }

    private sealed class Progress(Action<ForecastBacktestFold> report) : IProgress<ForecastBacktestFold>
    {
        public void Report(ForecastBacktestFold value) => report(value);
    }

    /// <summary>Writes down the rows of each fit, and forecasts the last value.</summary>
    private sealed class Recorder : IEstimator<ITransformer>
    {
        private readonly IEstimator<ITransformer> _lastValue = MLContext.Transforms.CustomMapping<Scored, Repeated>((row, forecast) => forecast.Forecast = [row.Value, row.Value], null);

        public List<string> Fits { get; } = [];

        public ITransformer Fit(IDataView input)
        {
            Scored[] rows = [.. MLContext.Data.CreateEnumerable<Scored>(input, reuseRowObject: false)];
            Assert.AreEqual(rows.Length, input.GetRowCount());
            Fits.Add(string.Join(' ', rows.Select(row => $"{row.Store}{row.Value}")));
            return _lastValue.Fit(input);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _lastValue.GetOutputSchema(inputSchema);
    }
}
