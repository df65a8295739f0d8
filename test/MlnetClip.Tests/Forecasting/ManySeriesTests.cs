using Microsoft.ML.Data;
using Microsoft.ML;
using MlnetClip.Data;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Forecasting;

/// <summary>Several series in one view.</summary>
[TestClass]
public sealed class ManySeriesTests
{
    private readonly MLContext _context = new(seed: 1);

    private static void Group(LstmForecastingTrainer.Options options) => options.GroupColumnName = "Store";

    [TestMethod]
    public void TheOrderOfSeriesInTheDataDoesNotMatter()
    {
        Stores.Row[] a = Stores.Of("A", 80), b = Stores.Of("B", 60, 500, seed: 2);
        foreach (bool future in new[] { false, true })
        {
            void Options(LstmForecastingTrainer.Options options)
            {
                Group(options);
                if (future) options.FutureCovariateColumnNames = ["Holiday"];
            }

            LstmForecastingTransformer mixed = Stores.Fit(_context, Stores.Interleaved(a, b), Options), apart = Stores.Fit(_context, [.. a, .. b], Options);
            Assert.AreSequenceEqual(Forecasts.Weights(mixed), Forecasts.Weights(apart));
            double[][] one = Stores.Read(apart.Transform(Stores.View(_context, [.. a, .. b])), "Forecast");
            Stores.Row[] rows = Stores.Interleaved(a, b);
            double[][] other = Stores.Read(apart.Transform(Stores.View(_context, rows)), "Forecast");
            for (int t = 0; t < rows.Length; t++) Assert.AreSequenceEqual(other[t], one[rows[t].Store == "A" ? Array.IndexOf(a, rows[t]) : a.Length + Array.IndexOf(b, rows[t])], $"row {t}");
        }
    }

    [TestMethod]
    public void EachSeriesHasAScaleOfItsOwn()
    {
        Stores.Row[] a = Stores.Of("A", 100), b = [.. a.Select(row => new Stores.Row { Time = row.Time, Store = "B", Sales = 1000 * row.Sales })];
        LstmForecastingTransformer model = Stores.Fit(_context, Stores.Interleaved(a, b), Group);
        Assert.AreSequenceEqual(new[] { "A", "B" }, model.Model.SeriesNames.ToArray());
        double[][] small = Stores.Read(model.Transform(Stores.View(_context, a)), "Forecast"), large = Stores.Read(model.Transform(Stores.View(_context, b)), "Forecast");
        for (int t = 7; t < 100; t++) Assert.AreEqual(1000 * small[t][0], large[t][0], 1e-3 * Math.Abs(large[t][0]));
    }

    [TestMethod]
    public void ASeriesThatWasNotTrainedOnIsAnsweredByTheRule()
    {
        Stores.Row[] a = Stores.Of("A", 100), unseen = Stores.Of("C", 20, seed: 3);
        LstmForecastingTransformer Fit(UnseenSeries rule) => Stores.Fit(_context, a, options =>
        {
            Group(options);
            options.UnseenSeries = rule;
        });
        IDataView data = Stores.View(_context, unseen);
        Assert.IsTrue(double.IsFinite(Stores.Read(Fit(UnseenSeries.Average).Transform(data), "Forecast")[^1][0]));
        Assert.IsTrue(double.IsNaN(Stores.Read(Fit(UnseenSeries.Missing).Transform(data), "Forecast")[^1][0]));
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Stores.Read(Fit(UnseenSeries.Throw).Transform(data), "Forecast"));
        Assert.Contains("Column 'Store' must name one of the 1 series of the training data, but has 'C'.", error.Message);
    }

    [TestMethod]
    public void ASeriesThatIsTooShortIsNotTrainedOnAndSaid()
    {
        var messages = new List<string>();
        _context.Log += (_, e) => messages.Add(e.Message);
        LstmForecastingTransformer model = Stores.Fit(_context, [.. Stores.Of("A", 100), .. Stores.Of("B", 5)], Group);
        Assert.AreSequenceEqual(new[] { "A" }, model.Model.SeriesNames.ToArray());
        Assert.Contains("1 of 2 series are too short or constant and are not trained on: 'B'.", string.Join('\n', messages));
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Stores.Fit(_context, Stores.Of("B", 5), Group));
        Assert.Contains("Column 'Sales' of series 'B' must have at least WindowSize + Horizon = 8 + 2 = 10 training rows", error.Message);
    }

    /// <summary>The lines of docs/forecasting.md.</summary>
    [TestMethod]
    public void TheExampleOfTheDocumentationRuns()
    {
        MLContext mlContext = _context;
        var pipeline = mlContext.Forecasting.ForecastByLstm(new LstmForecastingTrainer.Options
        {
            OutputColumnName = "Forecast", WindowSize = 14, Horizon = 7,
            TargetColumnNames = ["Sales", "Visits"], GroupColumnName = "Store", TimeColumnName = "Time",
            PastCovariateColumnNames = ["Weather"], FutureCovariateColumnNames = ["Holiday"], StaticCovariateColumnNames = ["Size"],
            Quantiles = [0.1f, 0.5f, 0.9f], NonNegative = true,
            ConfidenceLowerBoundColumn = "Lower", ConfidenceUpperBoundColumn = "Upper", ConfidenceLevel = 0.8f,
        });

        IDataView data = Stores.View(mlContext, Stores.Interleaved(Stores.Of("A", 160), Stores.Of("B", 160, 50, seed: 2)));
        IDataView scored = pipeline.Fit(data).Transform(data);
        foreach (string column in new[] { "Forecast.Sales", "Forecast.Sales.q0.1", "Forecast.Visits", "Lower.Sales", "Upper.Visits" })
            Assert.IsTrue(Stores.Read(scored, column)[250].All(double.IsFinite), column);
        string page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "forecasting.md"));
        string source = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "test", "MlnetClip.Tests", "Forecasting", "ManySeriesTests.cs"));
        foreach (string line in page.Split("```csharp")[1].Split("```")[0].Trim().Split('\n')) Assert.Contains(line.Trim(), source);
    }

    [TestMethod]
    public void AnUnseenSeriesHasTheGeometricMeanOfTheScales()
    {
        Stores.Row[] a = Stores.Of("A", 100), b = [.. a.Select(row => new Stores.Row { Time = row.Time, Store = "B", Sales = 10_000 * row.Sales })];
        LstmForecastingTransformer model = Stores.Fit(_context, Stores.Interleaved(a, b), Group);
        double one = model.Model.Encoder.Scalers[0][0].Scale;
        Assert.AreEqual(10_000 * one, model.Model.Encoder.Scalers[1][0].Scale, one);
        Assert.AreEqual(100 * one, model.Model.Scale, 0.01 * one);
    }

    [TestMethod]
    public void TimesThatGoBackwardsInPredictionAreRefused()
    {
        Stores.Row[] rows = Stores.Interleaved(Stores.Of("A", 60), Stores.Of("B", 60, 50));
        LstmForecastingTransformer model = Stores.Fit(_context, rows, options =>
        {
            Group(options);
            options.TimeColumnName = "Time";
        });
        (rows[40].Time, rows[42].Time) = (rows[42].Time, rows[40].Time);
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Stores.Read(model.Transform(Stores.View(_context, rows)), "Forecast"));
        Assert.Contains("Column 'Time' must be in ascending order within a series, but row 42 (from 0)", error.Message);
    }

    /// <summary>Every window is found again by its number, also next to series without windows.</summary>
    [TestMethod]
    public void WindowsAreThoseOfTheirSeries()
    {
        SeriesGroup Group(string name, int rows) => new(name, [new Series([.. Enumerable.Range(0, rows).Select(i => (double)i)])], [], [], [], rows);
        SeriesGroup[] groups = [Group("a", 2), Group("b", 6), Group("c", 1), Group("d", 2), Group("e", 5), Group("f", 0)];
        var scaler = new SeriesScaler(SeriesScaling.None, 0, 1);
        var encoder = new WindowEncoder(new WindowLayout(3, 1, Grouped: true), ["b", "e"], [[scaler], [scaler]], [scaler], []);
        var source = new WindowBatchSource(groups, encoder, group => (0, group.Length));
        (int, int)[] expected = [(1, 2), (1, 3), (1, 4), (4, 2), (4, 3)];
        Assert.AreSequenceEqual(expected, Enumerable.Range(0, source.Count).Select(i => source[i]).ToArray());
    }

    [TestMethod]
    public void ValidationRowsAreNeverTrainedOn()
    {
        Stores.Row[] a = Stores.Of("A", 100), onlyValidated = Stores.Of("B", 60, 50, seed: 2);
        IDataView train = Stores.View(_context, a[..80]);
        var estimator = _context.Forecasting.ForecastByLstm(Stores.Options(Group));
        LstmForecastingTransformer one = estimator.Fit(train, Stores.View(_context, a[80..])), other = estimator.Fit(train, Stores.View(_context, [.. a[80..], .. onlyValidated]));
        Assert.AreSequenceEqual(new[] { "A" }, other.Model.SeriesNames.ToArray());
        Assert.AreEqual(one.Training.TrainingSequences, other.Training.TrainingSequences);
        Assert.AreSequenceEqual(Forecasts.Weights(one), Forecasts.Weights(other));
        Assert.AreEqual((160, 80), (other.Training.Rows, other.Training.ValidationRows));
    }

    [TestMethod]
    public void KeysAndNumbersNameSeriesToo()
    {
        Stores.Row[] rows = Stores.Interleaved(Stores.Of("A", 60), Stores.Of("B", 60, 50));
        double[][] text = Stores.Read(Stores.Fit(_context, rows, Group).Transform(Stores.View(_context, rows)), "Forecast");
        IDataView keys = _context.Transforms.Conversion.MapValueToKey("Store").Fit(Stores.View(_context, rows)).Transform(Stores.View(_context, rows));
        LstmForecastingTransformer model = _context.Forecasting.ForecastByLstm(Stores.Options(Group)).Fit(keys);
        Assert.AreSequenceEqual(new[] { "A", "B" }, model.Model.SeriesNames.ToArray());
        double[][] byKey = Stores.Read(model.Transform(keys), "Forecast");
        for (int t = 0; t < rows.Length; t++) Assert.AreSequenceEqual(text[t], byKey[t]);
        var numbered = _context.Data.LoadFromEnumerable(rows.Select(row => new { row.Sales, Store = row.Store == "A" ? -7 : 12L }));
        Assert.AreSequenceEqual(new[] { "-7", "12" }, _context.Forecasting.ForecastByLstm(Stores.Options(Group)).Fit(numbered).Model.SeriesNames.ToArray());
    }

    /// <summary>The number of a key depends on the rows that its pipeline was fitted to; its value is the series' own name.</summary>
    [TestMethod]
    public void ASeriesIsNamedByTheValueOfItsKey()
    {
        IDataView data = Stores.View(_context, Stores.Interleaved(Stores.Of("17", 60), Stores.Of("4", 60, 500)));
        var numbers = _context.Transforms.Conversion.ConvertType("Number", "Store", DataKind.Int32);
        IDataView typed = numbers.Append(_context.Transforms.Conversion.MapValueToKey("Key", "Number")).Fit(data).Transform(data);
        foreach (string group in new[] { "Key", "Number", "Store" })
        {
            LstmForecastingTransformer model = _context.Forecasting.ForecastByLstm(Stores.Options(options => options.GroupColumnName = group)).Fit(typed);
            Assert.AreSequenceEqual(new[] { "17", "4" }, model.Model.SeriesNames.ToArray(), group);
        }
    }

    private sealed class KeyedRow
    {
        [KeyType(3)] // 0 is the first key, a number that is too large a missing one
        public uint Store { get; set; }

        public float Sales { get; set; }
    }

    /// <summary>A missing key has an empty name, whether or not the keys have values.</summary>
    [TestMethod]
    public void AKeyWithoutAValueIsNamedByItsNumber()
    {
        Stores.Row[] rows = Stores.Interleaved(Stores.Of("", 60), Stores.Of("2", 60, 50));
        IDataView keys = _context.Data.LoadFromEnumerable(rows.Select(row => new KeyedRow { Store = row.Store == "" ? uint.MaxValue : 1, Sales = row.Sales }).ToArray());
        Assert.AreSequenceEqual(new[] { "", "2" }, _context.Forecasting.ForecastByLstm(Stores.Options(Group)).Fit(keys).Model.SeriesNames.ToArray());
    }

    /// <summary>Windows of different series do not overlap: one of each is enough to compare forecasts.</summary>
    [TestMethod]
    public void ANaiveForecastIsComparedOverAFewWindowsOfManySeries()
    {
        bool Warns(int series)
        {
            var context = new MLContext(seed: 1);
            bool warns = false;
            context.Log += (_, e) => warns |= e.Message.Contains("this model is not worth its training", StringComparison.Ordinal);
            Stores.Row[][] rows = [.. Enumerable.Range(0, series).Select(i => Stores.Of($"{i}", 40, seed: i))];
            IEnumerable<Stores.Row> next = rows.Select(store => new Stores.Row { Store = store[^1].Store, Time = store[^1].Time.AddDays(1), Sales = store[^1].Sales }); // the last value
            context.Forecasting.ForecastByLstm(Stores.Options(Group)).Fit(Stores.View(context, Stores.Interleaved(rows)), Stores.View(context, next));
            return warns;
        }

        Assert.IsFalse(Warns(4), "four windows may be chance");
        Assert.IsTrue(Warns(6));
    }
}
