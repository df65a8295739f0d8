using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Forecasting;

[TestClass]
public sealed class CursorTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly float[] _wave = Forecasts.Wave(40);
    private readonly LstmForecastingTransformer _model;

    public CursorTests() => _model = Forecasts.Fit(_context);

    [TestMethod]
    public void ARowHoldsTheForecastFromTheRowsUpToIt()
    {
        float[][] forecasts = Read(_wave);
        Assert.HasCount(40, forecasts);
        for (int t = 0; t < 11; t++) Assert.AreSequenceEqual(new[] { float.NaN, float.NaN, float.NaN }, forecasts[t], $"row {t}");
        for (int t = 11; t < 40; t++) Assert.AreSequenceEqual(_model.Forecast(_wave.AsSpan(0, t + 1)), forecasts[t], $"row {t}");
        Assert.IsTrue(forecasts[11].All(float.IsFinite));
    }

    /// <summary>Several rows are forecast at once; what is read, and how often, does not matter.</summary>
    [TestMethod]
    [DataRow(ForecastStrategy.Direct)]
    [DataRow(ForecastStrategy.Recursive)]
    public void ForecastsReadInAnyPatternAreThoseOfEachRowAlone(ForecastStrategy strategy)
    {
        LstmForecastingTransformer model = Forecasts.Fit(_context, options => (options.Strategy, options.NonNegative) = (strategy, true));
        float[] values = Forecasts.Wave(150);
        values.AsSpan(60, 30).Fill(float.NaN); // longer than a window
        float[][] expected = [.. Enumerable.Range(0, values.Length).Select(t => model.Forecast(values.AsSpan(0, t + 1)))];
        IDataView scored = model.Transform(Forecasts.View(_context, values));
        foreach (int stride in new[] { 1, 2, 7, 60 })
        {
            using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Forecast"]]);
            ValueGetter<VBuffer<float>> read = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Forecast"]);
            VBuffer<float> forecast = default;
            for (int t = 0; cursor.MoveNext(); t++)
            {
                Assert.AreEqual(t, cursor.Position);
                if (t % stride != 0 && t % 50 > 20) continue;
                for (int again = 0; again < 2; again++)
                {
                    read(ref forecast);
                    Assert.AreSequenceEqual(expected[t], forecast.DenseValues().ToArray(), $"row {t}, stride {stride}");
                }
            }
        }
    }

    [TestMethod]
    public void AnInfiniteValueIsAnErrorOfItsOwnRow()
    {
        float[] values = Forecasts.Wave(60);
        values[45] = float.PositiveInfinity;
        IDataView scored = _model.Transform(Forecasts.View(_context, values));
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        for (int t = 0; t < 45; t++) Assert.IsTrue(cursor.MoveNext());
        Assert.Contains("row 45", Assert.ThrowsExactly<InvalidDataException>(() => cursor.MoveNext()).Message);
    }

    [TestMethod]
    public void AForecastIsTheNetworksOutputOnTheScaledWindow()
    {
        // The same by an independent model in double, scaled by hand.
        float[] window = _wave[^12..];
        LstmForecastingTransformer model = Forecasts.Fit(_context, options => options.LinearPart = LinearPartUse.None);
        var parameters = model.Model;
        var reference = new ReferenceModel(new StackSpec(1, parameters.HiddenSize, parameters.NumberOfLayers, parameters.Horizon));
        foreach (string name in parameters.ParameterNames) reference.Values[name] = [.. parameters.GetWeights(name).ToArray().Select(weight => (double)weight)];
        double[] outputs = reference.Predict([.. window.Select(value => (value - window[^1]) / parameters.Scale)], steps: 12);
        float[] forecast = model.Forecast(_wave);
        for (int h = 0; h < 3; h++) Assert.AreEqual(window[^1] + (outputs[h] * parameters.Scale), forecast[h], 2e-5);
    }

    [TestMethod]
    public void OnlyTheLastWindowMatters()
    {
        for (int rows = 12; rows <= 40; rows++)
            Assert.AreSequenceEqual(_model.Forecast(_wave.AsSpan(rows - 12, 12)), _model.Forecast(_wave.AsSpan(0, rows)), $"{rows} rows");
    }

    [TestMethod]
    public void LaterRowsDoNotMatter()
    {
        float[] other = [.. _wave];
        other.AsSpan(21).Fill(-1e6f);
        Assert.AreSequenceEqual(Read(_wave)[20], Read(other)[20]);
        Assert.AreNotEqual(Read(_wave)[21][0], Read(other)[21][0]);
    }

    [TestMethod]
    public void GapsRepeatTheLastValue()
    {
        float[] gaps = [.. _wave], filled = [.. _wave];
        gaps.AsSpan(15, 4).Fill(float.NaN);
        filled.AsSpan(15, 4).Fill(_wave[14]);
        float[][] expected = Read(filled), found = Read(gaps);
        for (int t = 11; t < 40; t++) Assert.AreSequenceEqual(expected[t], found[t], $"row {t}");
    }

    [TestMethod]
    public void RowsBeforeTheFirstValueAreNotCounted()
    {
        float[][] late = Read([.. Enumerable.Repeat(float.NaN, 5), .. _wave]), prompt = Read(_wave);
        Assert.IsTrue(float.IsNaN(late[15][0]));
        for (int t = 11; t < 40; t++) Assert.AreSequenceEqual(prompt[t], late[t + 5], $"row {t}");
    }

    [TestMethod]
    public void OnlyWhatIsAskedForIsComputed()
    {
        float[] values = [.. _wave];
        values[30] = float.PositiveInfinity; // refused when the forecast is active
        var scored = _model.Transform(Forecasts.View(_context, values));
        using var cursor = scored.GetRowCursor([scored.Schema["Number"]]);
        Assert.IsTrue(cursor.IsColumnActive(scored.Schema["Number"]));
        Assert.IsFalse(cursor.IsColumnActive(scored.Schema["Forecast"]));
        Assert.IsFalse(cursor.IsColumnActive(scored.Schema["Value"]));
        Assert.Contains("'Forecast' is not active", Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<VBuffer<float>>(scored.Schema["Forecast"])).Message);
        var getter = cursor.GetGetter<int>(scored.Schema["Number"]);
        int number = -1, rows = 0;
        for (; cursor.MoveNext(); rows++)
        {
            getter(ref number);
            Assert.AreEqual(rows, number);
        }

        Assert.AreEqual(40, rows);
    }

    [TestMethod]
    public void AnInfiniteValueIsRefusedAtItsRow()
    {
        float[] values = [.. _wave];
        values[30] = float.NegativeInfinity;
        Assert.Contains("row 30 (from 0) is -infinity", Assert.ThrowsExactly<InvalidDataException>(() => Read(values)).Message);
    }

    [TestMethod]
    public void RowsMaySkipReadingAndReadTwice()
    {
        float[][] all = Read(_wave);
        var scored = _model.Transform(Forecasts.View(_context, _wave));
        using var cursor = scored.GetRowCursor(scored.Schema);
        var getter = cursor.GetGetter<VBuffer<float>>(scored.Schema["Forecast"]);
        VBuffer<float> forecast = default;
        while (cursor.MoveNext())
        {
            if (cursor.Position % 7 != 0) continue;
            getter(ref forecast);
            getter(ref forecast);
            Assert.AreSequenceEqual(all[cursor.Position], forecast.DenseValues().ToArray());
        }
    }

    [TestMethod]
    public void OtherColumnsPassThroughInOrder()
    {
        var scored = _model.Transform(Forecasts.View(_context, _wave));
        Assert.IsFalse(scored.CanShuffle);
        using var cursor = scored.GetRowCursor(scored.Schema, new Random(1));
        var number = cursor.GetGetter<int>(scored.Schema["Number"]);
        var value = cursor.GetGetter<float>(scored.Schema["Value"]);
        var id = cursor.GetIdGetter();
        DataViewRowId last = default, current = default;
        for (int t = 0; cursor.MoveNext(); t++)
        {
            int n = 0;
            float v = 0;
            number(ref n);
            value(ref v);
            id(ref current);
            Assert.AreEqual((t, _wave[t], (long)t), (n, v, cursor.Position));
            Assert.AreNotEqual(t > 0 ? last : new DataViewRowId(9, 9), current);
            last = current;
        }
    }

    [TestMethod]
    public void ASetHasOneCursorWhereTheForecastIsNeeded()
    {
        var scored = _model.Transform(Forecasts.View(_context, _wave));
        Assert.HasCount(1, Dispose(scored.GetRowCursorSet(scored.Schema, 4)));
        var set = scored.GetRowCursorSet([scored.Schema["Value"]], 4);
        int rows = 0;
        foreach (var cursor in set)
            while (cursor.MoveNext()) rows++;
        Dispose(set);
        Assert.AreEqual(40, rows);
    }

    [TestMethod]
    public void ReadingIsRefusedWhereThereIsNoRow()
    {
        var scored = _model.Transform(Forecasts.View(_context, _wave));
        using var cursor = scored.GetRowCursor(scored.Schema);
        var getter = cursor.GetGetter<VBuffer<float>>(scored.Schema["Forecast"]);
        VBuffer<float> forecast = default;
        Assert.ThrowsExactly<InvalidOperationException>(() => getter(ref forecast));
        while (cursor.MoveNext()) getter(ref forecast);
        Assert.ThrowsExactly<InvalidOperationException>(() => getter(ref forecast));
        Assert.Contains("holds VBuffer<float>", Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<float>(scored.Schema["Forecast"])).Message);
    }

    [TestMethod]
    public void SeveralCursorsAtATimeDoNotDisturbEachOther()
    {
        float[][] expected = Read(_wave);
        var scored = _model.Transform(Forecasts.View(_context, _wave));
        Parallel.For(0, 4, _ =>
        {
            float[][] found = Forecasts.Read(scored);
            for (int t = 11; t < 40; t++) Assert.AreSequenceEqual(expected[t], found[t]);
        });
    }

    [TestMethod]
    public void RowsBecomeObjects()
    {
        var last = _context.Data.CreateEnumerable<Scored>(_model.Transform(Forecasts.View(_context, _wave)), reuseRowObject: false).Last();
        Assert.AreEqual(39, last.Number);
        Assert.AreSequenceEqual(_model.Forecast(_wave), last.Forecast);
    }

    [TestMethod]
    public void AnEmptyViewStaysEmpty() => Assert.IsEmpty(Read([]));

    [TestMethod]
    public void AHistoryShorterThanAWindowHasNoForecast() =>
        Assert.IsTrue(_model.Forecast(_wave.AsSpan(0, 11)).All(float.IsNaN));

    private float[][] Read(float[] values) => Forecasts.Read(_model.Transform(Forecasts.View(_context, values)));

    private static DataViewRowCursor[] Dispose(DataViewRowCursor[] set)
    {
        foreach (var cursor in set) cursor.Dispose();
        return set;
    }

    private sealed class Scored
    {
        public int Number { get; set; }

        public float[] Forecast { get; set; } = [];
    }
}
