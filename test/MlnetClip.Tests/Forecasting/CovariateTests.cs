using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlnetClip.Tests.Forecasting;

/// <summary>Several targets, past, future and static covariates, and the calendar.</summary>
[TestClass]
public sealed class CovariateTests
{
    private readonly MLContext _context = new(seed: 1);

    private static void Train(LstmForecastingTrainer.Options options) => (options.HiddenSize, options.NumberOfEpochs, options.LearningRate) = (16, 60, 0.01f);

    [TestMethod]
    public void EachTargetHasAColumnOfItsOwnType()
    {
        Stores.Row[] rows = Stores.Of("A", 200);
        LstmForecastingTransformer model = Stores.Fit(_context, rows, options =>
        {
            (options.InputColumnName, options.TargetColumnNames, options.Quantiles) = (null, ["Sales", "Visits"], [0.25f, 0.5f, 0.75f]);
            (options.ConfidenceLowerBoundColumn, options.ConfidenceUpperBoundColumn, options.ConfidenceLevel) = ("Low", "High", 0.8f);
        });
        string[] expected =
        [
            "Forecast.Sales", "Forecast.Sales.q0.25", "Forecast.Sales.q0.5", "Forecast.Sales.q0.75", "Low.Sales", "High.Sales",
            "Forecast.Visits", "Forecast.Visits.q0.25", "Forecast.Visits.q0.5", "Forecast.Visits.q0.75", "Low.Visits", "High.Visits",
        ];
        Assert.AreSequenceEqual(expected, model.OutputColumnNames.ToArray());
        IDataView scored = model.Transform(Stores.View(_context, rows));
        Assert.AreEqual("Vector<Single, 2>", scored.Schema["Low.Sales"].Type.ToString());
        Assert.AreEqual("Vector<Double, 2>", scored.Schema["Forecast.Visits"].Type.ToString());
        Assert.IsTrue(double.IsFinite(Stores.Read(scored, "High.Visits")[^1][1]));
    }

    /// <summary>Visits follow sales with a day's delay, so only a model that reads both can know them.</summary>
    [TestMethod]
    public void ATargetLearnsFromTheOther()
    {
        Stores.Row[] rows = Stores.Of("A", 400);
        double[] visits = [.. rows.Select(row => row.Visits)];
        double Error(params string[] targets)
        {
            LstmForecastingTransformer model = Stores.Fit(_context, rows, options =>
            {
                Train(options);
                (options.InputColumnName, options.TargetColumnNames) = (null, targets);
            });
            IDataView scored = model.Transform(Stores.View(_context, rows));
            return Stores.Error(Stores.Read(scored, targets.Length == 1 ? "Forecast" : "Forecast.Visits"), visits, 360);
        }

        double alone = Error("Visits"), both = Error("Sales", "Visits");
        Assert.IsLessThan(0.3, both);
        Assert.IsGreaterThan(0.5, alone);
    }

    /// <summary>Without the holidays of the day after, the doubled sales cannot be known.</summary>
    [TestMethod]
    public void AFutureCovariateIsKnownInTheHorizonAndAPastOneIsNot()
    {
        Stores.Row[] rows = Stores.Of("A", 400);
        double[] sales = [.. rows.Select(row => (double)row.Sales)];
        double Error(Action<LstmForecastingTrainer.Options> covariates)
        {
            LstmForecastingTransformer model = Stores.Fit(_context, rows, options =>
            {
                Train(options);
                covariates(options);
            });
            return Stores.Error(Stores.Read(model.Transform(Stores.View(_context, rows)), "Forecast"), sales, 360);
        }

        double past = Error(options => options.PastCovariateColumnNames = ["Weather", "Holiday"]);
        double future = Error(options => (options.PastCovariateColumnNames, options.FutureCovariateColumnNames) = (["Weather"], ["Holiday"]));
        Assert.IsGreaterThan(0.5, past);
        Assert.IsLessThan(0.3, future);
    }

    [TestMethod]
    public void AStepWhoseRowIsNotThereHasNoForecast()
    {
        Stores.Row[] rows = Stores.Of("A", 100);
        LstmForecastingTransformer model = Stores.Fit(_context, rows[..80], options => (options.FutureCovariateColumnNames, options.Horizon) = (["Holiday"], 3));
        foreach (Stores.Row row in rows[80..83]) row.Sales = float.NaN;
        double[][] forecasts = Stores.Read(model.Transform(Stores.View(_context, rows[..83])), "Forecast");
        Assert.IsTrue(forecasts[79].All(double.IsFinite), "all three rows after the last value are there");
        Assert.AreSequenceEqual(new[] { true, true, false }, forecasts[80].Select(double.IsFinite).ToArray());
        Assert.AreSequenceEqual(new[] { true, false, false }, forecasts[81].Select(double.IsFinite).ToArray());
        Assert.IsFalse(forecasts[82].Any(double.IsFinite));
    }

    [TestMethod]
    public void TheCalendarIsThatOfTheTimes()
    {
        Stores.Row[] rows = Stores.Of("A", 400);
        foreach (Stores.Row row in rows) (row.Sales, row.Weather) = (10 + (row.Time.DayOfWeek == DayOfWeek.Sunday ? 5 : 0), 0);
        double Error(string? time)
        {
            LstmForecastingTransformer model = Stores.Fit(_context, rows, options =>
            {
                Train(options);
                (options.WindowSize, options.TimeColumnName, options.NumberOfEpochs) = (2, time, 30);
            });
            return Stores.Error(Stores.Read(model.Transform(Stores.View(_context, rows)), "Forecast"), [.. rows.Select(row => (double)row.Sales)], 360);
        }

        Assert.IsLessThan(0.2, Error("Time"), "two rows do not tell that the next day is Sunday, the calendar does");
        Assert.IsGreaterThan(0.5, Error(null));
    }

    [TestMethod]
    public void TimesThatGoBackwardsAreRefused()
    {
        Stores.Row[] rows = Stores.Of("A", 100);
        (rows[40].Time, rows[41].Time) = (rows[41].Time, rows[40].Time);
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Stores.Fit(_context, rows, options => options.TimeColumnName = "Time"));
        Assert.Contains("Column 'Time' must be in ascending order, but row 41 (from 0) is 2024-02-10 00:00:00 and the row before it 2024-02-11 00:00:00.", error.Message);
    }

    [TestMethod]
    [DataRow("PastCovariateColumnNames", "Store", "Schema mismatch for past covariate column 'Store': expected Single, Double, Boolean, or a known-size vector of Single or Double, got String", "OneHotEncoding(\"Store\")")]
    [DataRow("FutureCovariateColumnNames", "Holidays", "Could not find future covariate column 'Holidays'", "did you mean 'Holiday'?")]
    [DataRow("StaticCovariateColumnNames", "Time", "Schema mismatch for static covariate column 'Time'", "")]
    [DataRow("TimeColumnName", "Store", "Schema mismatch for time column 'Store': expected DateTime or DateTimeOffset, got String", "load column 'Store' as DataKind.DateTime")]
    [DataRow("GroupColumnName", "Weather", "Schema mismatch for group column 'Weather': expected Text, a key, a whole number or Boolean, got Single", "")]
    public void AColumnThatCannotBeReadIsNamed(string option, string column, string problem, string hint)
    {
        var estimator = _context.Forecasting.ForecastByLstm(Stores.Options(options =>
        {
            var property = typeof(LstmForecastingTrainer.Options).GetProperty(option)!;
            property.SetValue(options, property.PropertyType == typeof(string) ? column : new[] { column });
        }));
        IDataView data = Stores.View(_context, Stores.Of("A", 100));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(data));
        Assert.Contains(problem, error.Message);
        Assert.Contains(hint, error.Message);
        Assert.Contains(problem, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(MlnetClip.MLNetInternals.SchemaAccess.Shape(data.Schema))).Message);
    }

    /// <summary>What happens after a row never changes its forecast, apart from covariates that are known in advance.</summary>
    [TestMethod]
    [DataRow(SeriesScaling.RelativeToLast)]
    [DataRow(SeriesScaling.Standardize)]
    [DataRow(SeriesScaling.Robust)]
    [DataRow(SeriesScaling.PerWindow)]
    [DataRow(SeriesScaling.SeasonalDifference)]
    [DataRow(SeriesScaling.None)]
    public void NoForecastKnowsTheFuture(SeriesScaling scaling)
    {
        Stores.Row[] rows = Stores.Interleaved(Stores.Of("A", 120), Stores.Of("B", 120, 50, seed: 2));
        LstmForecastingTransformer model = Stores.Fit(_context, rows, options =>
        {
            (options.Scaling, options.SeasonLength, options.GroupColumnName, options.TimeColumnName) = (scaling, 7, "Store", "Time");
            (options.PastCovariateColumnNames, options.FutureCovariateColumnNames, options.StaticCovariateColumnNames) = (["Weather", "Visits"], ["Holiday"], ["Size"]);
            (options.ConfidenceLowerBoundColumn, options.ConfidenceUpperBoundColumn, options.ConfidenceLevel) = ("Low", "High", 0.5f);
        });
        double[][] before = Stores.Read(model.Transform(Stores.View(_context, rows)), "High");
        foreach (Stores.Row row in rows[150..]) (row.Sales, row.Visits, row.Weather, row.Size) = (7777, -5, 99, [9, 9]);
        double[][] after = Stores.Read(model.Transform(Stores.View(_context, rows)), "High");
        int known = 0;
        for (int t = 0; t < 150; t++)
        {
            Assert.AreSequenceEqual(before[t], after[t], $"row {t}");
            known += before[t].All(double.IsFinite) ? 1 : 0;
        }

        Assert.IsGreaterThan(100, known);
        Assert.AreNotEqual(before[160][0], after[160][0]);
    }

    /// <summary>Values of other vectors would be read as those of another covariate, or be left out.</summary>
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void ValidationDataWithVectorsOfAnotherSizeAreRefused(int size)
    {
        Stores.Row[] rows = Stores.Of("A", 120);
        SchemaDefinition other = SchemaDefinition.Create(typeof(Stores.Row));
        other["Size"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, size);
        IDataView train = Stores.View(_context, rows[..80]);
        IDataView validation = _context.Data.LoadFromEnumerable(rows[80..].Select(row => new Stores.Row { Time = row.Time, Store = row.Store, Sales = row.Sales, Holiday = row.Holiday, Size = new float[size] }).ToArray(), other);
        foreach (var change in (Action<LstmForecastingTrainer.Options>[])
            [options => (options.PastCovariateColumnNames, options.FutureCovariateColumnNames) = (["Size"], ["Holiday"]), options => options.StaticCovariateColumnNames = ["Size"]])
        {
            string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Forecasting.ForecastByLstm(Stores.Options(change)).Fit(train, validation)).Message;
            Assert.Contains($"covariate columns 'Size': expected 2 values in a row as in training, got {size}", message);
        }
    }
}
