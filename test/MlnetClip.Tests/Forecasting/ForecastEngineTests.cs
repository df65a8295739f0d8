using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Forecasting;

/// <summary>Observations that come one at a time.</summary>
[TestClass]
public sealed class ForecastEngineTests
{
    private readonly MLContext _context = new(seed: 1);

    private sealed class Forecast
    {
        [Microsoft.ML.Data.ColumnName("Forecast")]
        public float[] Values { get; set; } = [];
    }

    private sealed class StoreForecast
    {
        public string Store { get; set; } = "";

        public DateTime Time { get; set; }

        public float[] Copy { get; set; } = [];

        public float[] Lower { get; set; } = [];
    }

    [TestMethod]
    public void ASeriesIsForecastAsByTransform()
    {
        float[] values = Forecasts.Wave(60);
        values[20] = values[21] = float.NaN;
        for (int row = 30; row < 36; row++) values[row] = float.NaN; // longer than the largest gap
        LstmForecastingTransformer model = Forecasts.Fit(_context, options => options.MaximumGap = 4);
        float[][] expected = Forecasts.Read(model.Transform(Forecasts.View(_context, values)));
        using var engine = model.CreateForecastEngine<Row, Forecast>(_context);
        for (int t = 0; t < values.Length; t++)
        {
            Assert.AreSequenceEqual(expected[t], engine.Predict(new Row { Value = values[t] }).Values, $"row {t}");
            Assert.AreSequenceEqual(expected[t], engine.Predict().Values, "again, without an observation");
        }

        Assert.IsTrue(float.IsNaN(expected[35][0]));
    }

    [TestMethod]
    public void SeriesWithCovariatesInAChainAreForecastAsByTransform()
    {
        (ITransformer model, Stores.Row[] rows) = Chain();
        Stores.Row[] unseen = Stores.Of("C", 30, seed: 5);
        Stores.Row[] all = Stores.Interleaved([.. rows.Where(row => row.Store == "A")], [.. rows.Where(row => row.Store == "B")], unseen);
        IDataView scored = model.Transform(Stores.View(_context, all));
        double[][] expected = Stores.Read(scored, "Copy"), lower = Stores.Read(scored, "Lower");
        using var engine = model.CreateForecastEngine<Stores.Row, StoreForecast>(_context);
        for (int t = 0; t < all.Length; t++)
        {
            Stores.Row[] future = [.. all.Skip(t + 1).Where(row => row.Store == all[t].Store).Take(2)];
            StoreForecast forecast = engine.Predict(all[t], future);
            Assert.AreSequenceEqual(expected[t], forecast.Copy.Select(value => (double)value).ToArray(), $"row {t}");
            Assert.AreSequenceEqual(lower[t], forecast.Lower.Select(value => (double)value).ToArray(), $"row {t}");
            Assert.AreEqual((all[t].Store, all[t].Time), (forecast.Store, forecast.Time));
        }

        Assert.IsTrue(double.IsFinite(expected[100][0]) && double.IsNaN(expected[^1][0]));
    }

    /// <summary>A missing value of a future covariate repeats the last one, which may be in the window.</summary>
    [TestMethod]
    public void MissingFutureCovariatesAreFilledAsByTransform()
    {
        Stores.Row[] rows = Stores.Of("A", 60);
        foreach (int row in new[] { 30, 41, 42, 43 }) rows[row].Weather = float.NaN;
        LstmForecastingTransformer model = Stores.Fit(_context, rows, options => options.FutureCovariateColumnNames = ["Weather"]);
        double[][] expected = Stores.Read(model.Transform(Stores.View(_context, rows)), "Forecast");
        using var engine = model.CreateForecastEngine<Stores.Row, Forecast>(_context);
        for (int t = 0; t < rows.Length; t++)
            Assert.AreSequenceEqual(expected[t], engine.Predict(rows[t], rows.Skip(t + 1).Take(2)).Values.Select(value => (double)value).ToArray(), $"row {t}");
    }

    [TestMethod]
    public void ASeriesIsForecastWithoutAnObservationByItsName()
    {
        (ITransformer model, Stores.Row[] rows) = Chain();
        using var engine = model.CreateForecastEngine<Stores.Row, StoreForecast>(_context);
        using var other = model.CreateForecastEngine<Stores.Row, StoreForecast>(_context);
        Assert.IsTrue(float.IsNaN(engine.Predict().Copy[0]), "nothing was observed");
        Stores.Row[] future = [new() { Store = "A", Time = rows[80].Time, Holiday = true }, new() { Store = "A", Time = rows[82].Time }];
        engine.Observe(rows.Take(80));
        other.Observe(rows.Take(78));
        float[] expected = other.Predict(rows[78], future).Copy;
        Assert.IsTrue(float.IsFinite(expected[1]));
        Assert.AreSequenceEqual(expected, engine.PredictSeries("A", future).Copy);
        Assert.IsTrue(float.IsFinite(engine.PredictSeries("A", future[..1]).Copy[0]) && float.IsNaN(engine.PredictSeries("A", future[..1]).Copy[1]), "the second row is not known");
        Assert.Contains("must be a series of which a row has been observed, but was 'C'.", Assert.ThrowsExactly<ArgumentException>(() => engine.PredictSeries("C")).Message);
    }

    [TestMethod]
    public void ACheckpointContinues()
    {
        (ITransformer model, Stores.Row[] rows) = Chain();
        using var folder = new TemporaryFolder();
        using var engine = model.CreateForecastEngine<Stores.Row, StoreForecast>(_context);
        engine.Observe(rows.Take(75));
        engine.CheckPoint(_context, folder.File("engine.zip"));
        Stores.Row[] future = [rows[76], rows[78]];
        using var continued = new MLContext().Forecasting.LoadForecastEngine<Stores.Row, StoreForecast>(folder.File("engine.zip"));
        Assert.AreSequenceEqual(engine.PredictSeries(null, future).Copy, continued.PredictSeries(null, future).Copy);
        for (int t = 75; t < rows.Length - 4; t++)
        {
            future = [rows[t + 2], rows[t + 4]];
            float[] expected = engine.Predict(rows[t], future).Copy;
            Assert.IsTrue(float.IsFinite(expected[0]));
            Assert.AreSequenceEqual(expected, continued.Predict(rows[t], future).Copy, $"row {t}");
        }

        using var stream = new MemoryStream();
        continued.CheckPoint(_context, stream);
        stream.Position = 0;
        using var third = _context.Forecasting.LoadForecastEngine<Stores.Row, StoreForecast>(stream);
        Assert.AreSequenceEqual(engine.PredictSeries("B", [rows[^3]]).Copy, third.PredictSeries("B", [rows[^3]]).Copy);

        // The checkpoint is a model file too.
        ITransformer loaded = _context.Model.Load(folder.File("engine.zip"), out DataViewSchema schema);
        Assert.IsNotNull(schema.GetColumnOrNull("Sales"));
        Assert.AreSequenceEqual(Stores.Read(model.Transform(Stores.View(_context, rows)), "Copy")[60], Stores.Read(loaded.Transform(Stores.View(_context, rows)), "Copy")[60]);
    }

    [TestMethod]
    public void ADamagedCheckpointIsAnError()
    {
        LstmForecastingTransformer model = Forecasts.Fit(_context);
        using var engine = model.CreateForecastEngine<Row, Forecast>(_context);
        engine.Observe(Forecasts.Wave(20).Select(value => new Row { Value = value }));
        using var written = new MemoryStream();
        engine.CheckPoint(_context, written);
        byte[] state = Entry(written, null);
        for (int at = 0; at < state.Length; at += 7)
        {
            byte[] damaged = [.. state];
            damaged[at] ^= 1;
            Assert.ThrowsExactly<InvalidDataException>(() => Load(damaged), $"byte {at}");
        }

        Assert.ThrowsExactly<InvalidDataException>(() => Load(state[..^1]));
        Load(state).Dispose();

        using var plain = new MemoryStream();
        _context.Model.Save(model, Forecasts.View(_context, []).Schema, plain);
        Assert.Contains("has no state of a forecast engine", Assert.ThrowsExactly<InvalidDataException>(() => _context.Forecasting.LoadForecastEngine<Row, Forecast>(plain)).Message);

        // The state of another model.
        using var other = Forecasts.Fit(_context, options => options.NumberOfEpochs = 1).CreateForecastEngine<Row, Forecast>(_context);
        using var otherFile = new MemoryStream();
        other.CheckPoint(_context, otherFile);
        Assert.Contains("Model must be the model of the same file", Assert.ThrowsExactly<InvalidDataException>(() => Load(Entry(otherFile, null))).Message);

        ForecastEngine<Row, Forecast> Load(byte[] entry)
        {
            using var file = new MemoryStream();
            file.Write(written.ToArray());
            Entry(file, entry);
            file.Position = 0;
            return _context.Forecasting.LoadForecastEngine<Row, Forecast>(file);
        }
    }

    /// <summary>Every number of the state in turn is another one, with a checksum that is right: an error, or an engine that forecasts.</summary>
    [TestMethod]
    public void AStateWithAWrongNumberIsRefusedOrForecasts()
    {
        (ITransformer model, Stores.Row[] rows) = Chain();
        using var engine = model.CreateForecastEngine<Stores.Row, StoreForecast>(_context);
        engine.Observe(rows.Take(76));
        using var written = new MemoryStream();
        engine.CheckPoint(_context, written);
        byte[] state = Entry(written, null);
        int refused = 0, forecast = 0;
        for (int at = 20; at + 40 < state.Length; at += 3)
        {
            foreach (long number in new[] { -1L, 1, int.MaxValue, long.MaxValue, BitConverter.DoubleToInt64Bits(double.PositiveInfinity) })
            {
                byte[] changed = state[..^32];
                BitConverter.TryWriteBytes(changed.AsSpan(at), number);
                try
                {
                    using var stream = new MemoryStream([.. changed, .. SHA256.HashData(changed)]);
                    using var damaged = new ForecastEngine<Stores.Row, StoreForecast>(_context, model, stream, ignoreMissingColumns: false);
                    damaged.Predict(new Stores.Row { Store = "B", Time = DateTime.MaxValue }, []);
                    damaged.PredictSeries("A", []);
                    forecast++;
                }
                catch (InvalidDataException)
                {
                    refused++;
                }
            }
        }

        Assert.IsGreaterThan(100, refused);
        Assert.IsGreaterThan(100, forecast);
    }

    [TestMethod]
    public void WhatIsRefusedIsNotTaken()
    {
        (ITransformer model, Stores.Row[] rows) = Chain();
        using var engine = model.CreateForecastEngine<Stores.Row, StoreForecast>(_context);
        engine.Observe(rows.Take(76));
        Stores.Row[] future = [rows[78], rows[80]];
        float[] before = engine.PredictSeries("A", [rows[76], rows[78]]).Copy;
        Refused<InvalidDataException>("must hold finite numbers", Of(sales: float.PositiveInfinity), null);
        Refused<InvalidDataException>("must be in ascending order", Of(time: rows[0].Time), null);
        Refused<ArgumentException>("must belong to the series 'A', but one belongs to 'B'", rows[76], [rows[77]]);
        Refused<ArgumentException>("at most 2 future rows", rows[76], [rows[78], rows[80], rows[82]]);
        Refused<InvalidDataException>("must be in ascending order", rows[76], [rows[80], rows[78]]);
        Assert.AreSequenceEqual(before, engine.PredictSeries("A", [rows[76], rows[78]]).Copy);
        Assert.IsTrue(float.IsFinite(engine.Predict(rows[76], future).Copy[1]));

        Assert.Contains("future must be null", Assert.ThrowsExactly<ArgumentException>(
            () => Forecasts.Fit(_context).CreateForecastEngine<Row, Forecast>(_context).Predict(new Row(), [new Row()])).Message);
        ITransformer without = _context.Transforms.CopyColumns("Copy", "Value").Fit(Forecasts.View(_context, [1f]));
        Assert.Contains("model must contain a forecaster", Assert.ThrowsExactly<ArgumentException>(() => without.CreateForecastEngine<Row, Forecast>(_context)).Message);
        var filtered = _context.Transforms.CopyColumns("Forecast", "Value").Append(_context.Forecasting.ForecastByLstm(Forecasts.Options()))
            .Append(_context.Forecasting.ForecastByLstm(Forecasts.Options(options => options.OutputColumnName = "Again"))).Fit(Forecasts.View(_context, Forecasts.Wave(100)));
        Assert.Contains("but LstmForecastingTransformer does not", Assert.ThrowsExactly<ArgumentException>(() => filtered.CreateForecastEngine<Row, Forecast>(_context)).Message);
        engine.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => engine.Predict());

        Stores.Row Of(float sales = 1, DateTime? time = null) => new() { Store = "A", Sales = sales, Time = time ?? rows[76].Time };

        void Refused<T>(string message, Stores.Row row, Stores.Row[]? ahead)
            where T : Exception => Assert.Contains(message, Assert.ThrowsExactly<T>(() => engine.Predict(row, ahead)).Message);
    }

    [TestMethod]
    public void CallsFromSeveralThreadsAreCarriedOutOneAfterTheOther()
    {
        (ITransformer model, Stores.Row[] rows) = Chain();
        using var engine = model.CreateForecastEngine<Stores.Row, StoreForecast>(_context);
        using var serial = model.CreateForecastEngine<Stores.Row, StoreForecast>(_context);
        serial.Observe(rows);
        Parallel.ForEach(rows.GroupBy(row => row.Store), store =>
        {
            foreach (Stores.Row row in store)
            {
                engine.Observe(row);
                engine.PredictSeries(store.Key);
            }
        });
        foreach (string store in new[] { "A", "B" })
        {
            Stores.Row[] future = [new() { Store = store, Time = rows[^1].Time.AddDays(1) }];
            Assert.AreSequenceEqual(serial.PredictSeries(store, future).Copy, engine.PredictSeries(store, future).Copy);
        }
    }

    /// <summary>The lines of docs/forecasting.md.</summary>
    [TestMethod]
    public void TheExampleOfTheDocumentationRuns()
    {
        MLContext mlContext = _context;
        (ITransformer model, Stores.Row[] rows) = Chain();
        Stores.Row[] history = rows[..80], tomorrow = [rows[82], rows[84]];
        Stores.Row today = rows[80];
        using var folder = new TemporaryFolder();

        var engine = model.CreateForecastEngine<Stores.Row, StoreForecast>(mlContext);
        engine.Observe(history);
        StoreForecast forecast = engine.Predict(today, future: tomorrow);
        engine.CheckPoint(mlContext, Path.Combine(folder.Path, "engine.zip"));
        var resumed = mlContext.Forecasting.LoadForecastEngine<Stores.Row, StoreForecast>(Path.Combine(folder.Path, "engine.zip"));
        Assert.AreSequenceEqual(forecast.Copy, resumed.PredictSeries(null, tomorrow).Copy);
        DocumentationLines.AreIn("CreateForecastEngine<", "Forecasting", "ForecastEngineTests.cs");
    }

    /// <summary>A chain with a step before and a step after the forecaster, and two stores' rows with missing values.</summary>
    private (ITransformer Model, Stores.Row[] Rows) Chain()
    {
        Stores.Row[] rows = Stores.Interleaved(Stores.Of("A", 50), Stores.Of("B", 50, 50, seed: 2));
        (rows[40].Sales, rows[43].Weather, rows[61].Sales) = (float.NaN, float.NaN, float.NaN);
        var pipeline = _context.Transforms.NormalizeMeanVariance("Weather", fixZero: false).Append(_context.Forecasting.ForecastByLstm(Stores.Options(options =>
        {
            (options.GroupColumnName, options.TimeColumnName, options.Calendar) = ("Store", "Time", CalendarFeatures.DayOfWeek);
            (options.PastCovariateColumnNames, options.FutureCovariateColumnNames, options.StaticCovariateColumnNames) = (["Weather"], ["Holiday"], ["Size"]);
            (options.ConfidenceLowerBoundColumn, options.ConfidenceLevel, options.ValidationFraction, options.NumberOfEpochs) = ("Lower", 0.5f, 0.2f, 1);
        }))).Append(_context.Transforms.CopyColumns("Copy", "Forecast"));
        return (pipeline.Fit(Stores.View(_context, rows)), rows);
    }

    /// <summary>The state's entry; replaced where another one is given.</summary>
    private static byte[] Entry(MemoryStream file, byte[]? replacement)
    {
        using var archive = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true);
        ZipArchiveEntry entry = archive.Entries.Single(candidate => candidate.FullName.Contains("ForecastEngine", StringComparison.Ordinal));
        using var bytes = new MemoryStream();
        using (Stream stream = entry.Open()) stream.CopyTo(bytes);
        if (replacement is null) return bytes.ToArray();
        string name = entry.FullName;
        entry.Delete();
        using Stream written = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        written.Write(replacement);
        return replacement;
    }

    private sealed class Echo
    {
        public float Sales { get; set; }
    }

    /// <summary>Columns of the input have the values of the last observation that was taken.</summary>
    [TestMethod]
    public void ARefusedObservationIsInNoForecast()
    {
        (ITransformer model, Stores.Row[] rows) = Chain();
        using var engine = model.CreateForecastEngine<Stores.Row, Echo>(_context);
        engine.Observe(rows.Take(30));
        Assert.AreEqual(rows[29].Sales, engine.Predict().Sales);
        Assert.ThrowsExactly<InvalidDataException>(() => engine.Observe(new Stores.Row { Store = "A", Time = rows[30].Time, Sales = float.PositiveInfinity }));
        Assert.AreEqual(rows[29].Sales, engine.Predict().Sales);
    }

    /// <summary>The engine has copies of the values, so that what becomes of the object does not matter.</summary>
    [TestMethod]
    public void OneObjectMayHoldAllObservations()
    {
        (ITransformer model, Stores.Row[] rows) = Chain();
        using var engine = model.CreateForecastEngine<Stores.Row, Vector>(_context);
        engine.Observe(rows.Take(30));
        var row = new Stores.Row { Store = "A", Time = rows[30].Time, Sales = 7, Size = [20, 1] };
        engine.Observe(row);
        (row.Sales, row.Size[0]) = (float.PositiveInfinity, 3);
        Assert.ThrowsExactly<InvalidDataException>(() => engine.Observe(row));
        for (int i = 0; i < 2; i++)
        {
            Vector taken = engine.Predict();
            Assert.AreEqual(7, taken.Sales);
            Assert.AreSequenceEqual(new float[] { 20, 1 }, taken.Size);
            taken.Size[0] = 5; // the caller's own
        }

        (row.Time, row.Sales) = (rows[40].Time, 8);
        Assert.AreEqual(8, engine.Predict(row).Sales);
        row.Sales = 9;
        Assert.AreEqual(8, engine.Predict().Sales);
    }

    private sealed class Vector
    {
        public float Sales { get; set; }

        public float[] Size { get; set; } = [];
    }

    [TestMethod]
    public void ACheckpointIsLoadedInTheContextOfTheCatalogWithTheColumnsOfAClass()
    {
        using var folder = new TemporaryFolder();
        (ITransformer model, Stores.Row[] rows) = Chain();
        using var engine = model.CreateForecastEngine<Stores.Row, StoreForecast>(_context);
        engine.Observe(rows.Take(75));
        engine.CheckPoint(_context, folder.File("engine.zip"));
        var context = new MLContext(seed: 1);
        var sources = new List<string>();
        context.Log += (_, message) => sources.Add(message.Source);
        SchemaDefinition columns = SchemaDefinition.Create(typeof(Forecast));
        columns[nameof(Forecast)].ColumnName = "Copy";
        using var loaded = context.Forecasting.LoadForecastEngine<Stores.Row, Forecast>(folder.File("engine.zip"), outputSchemaDefinition: columns);
        Assert.AreSequenceEqual(engine.PredictSeries(null, [rows[76]]).Copy, loaded.PredictSeries(null, [rows[76]]).Values);
        Assert.IsTrue(sources.Any(source => source.Contains("BinaryLoader", StringComparison.Ordinal)), "loading the model is in the context's log");
    }
}
