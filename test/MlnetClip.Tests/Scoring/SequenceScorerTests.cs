using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.MLNetInternals;
using MlnetClip.Scoring;

namespace MlnetClip.Tests.Scoring;

[TestClass]
public sealed class SequenceScorerTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly double[] _wave = [.. Forecasts.Wave(60)];
    private readonly LstmForecastingTransformer _model;

    public SequenceScorerTests() => _model = Forecasts.Fit(_context);

    [TestMethod]
    public void AWindowsForecastIsTheForecastersAtItsLastRow()
    {
        double[][] found = Score(Windows());
        for (int i = 0; i < found.Length; i++) Assert.AreSequenceEqual(_model.Forecast(_wave.AsSpan(i, 12)), found[i], $"window {i}");
    }

    [TestMethod]
    public void AWindowWithAGapHasNoForecast()
    {
        var windows = Windows();
        windows[3].Window[5] = double.NaN;
        double[][] found = Score(windows);
        Assert.IsTrue(found[3].All(double.IsNaN));
        Assert.IsTrue(found[4].All(double.IsFinite));
    }

    [TestMethod]
    public void RowsOfOneMapperDoNotDisturbEachOther()
    {
        double[][] expected = Score(Windows());
        IDataView data = View(Windows());
        IRowToRowMapper mapper = Mapper(data.Schema);
        Parallel.For(0, 4, _ =>
        {
            double[][] found = Read(data, mapper);
            for (int i = 0; i < found.Length; i++) Assert.AreSequenceEqual(expected[i], found[i]);
        });
    }

    [TestMethod]
    public void AGetterIsOfNoUseOnceItsRowIsDisposed()
    {
        IDataView data = View(Windows());
        IRowToRowMapper mapper = Mapper(data.Schema);
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        cursor.MoveNext();
        DataViewRow row = mapper.GetRow(cursor, mapper.OutputSchema);
        var getter = row.GetGetter<VBuffer<double>>(mapper.OutputSchema["Forecast"]);
        VBuffer<double> forecast = default;
        getter(ref forecast);
        row.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => getter(ref forecast));
    }

    [TestMethod]
    public void AWindowOfAnotherLengthIsRefused()
    {
        var windows = Windows();
        windows[2].Window = [1, 2, 3];
        Assert.Contains("must have 12 values, but row 2 (from 0) has 3", Assert.ThrowsExactly<InvalidDataException>(() => Score(windows)).Message);
    }

    [TestMethod]
    public void AForecastDoesNotPrepareTheWeightsAgain()
    {
        var model = Forecasts.Fit(_context, options => options.HiddenSize = 64);
        _ = model.Forecast(_wave);
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = model.Forecast(_wave);
        Assert.IsLessThan(4 * model.Model.WeightCount / 10, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void ThreadsForecastAtATime()
    {
        double[] expected = _model.Forecast(_wave);
        Parallel.For(0, 200, _ => Assert.AreSequenceEqual(expected, _model.Forecast(_wave)));
    }

    private sealed class WindowOfRows
    {
        public double[] Window { get; set; } = [];
    }

    private WindowOfRows[] Windows() => [.. Enumerable.Range(0, 40).Select(i => new WindowOfRows { Window = _wave[i..(i + 12)] })];

    private IDataView View(IEnumerable<WindowOfRows> windows) => _context.Data.LoadFromEnumerable(windows);

    private IRowToRowMapper Mapper(DataViewSchema schema) =>
        RowMapper.Bind(_context, schema, new SequenceScorer(_model.Model, "Window", _model.Outputs), _model);

    private double[][] Score(WindowOfRows[] windows)
    {
        IDataView data = View(windows);
        return Read(data, Mapper(data.Schema));
    }

    private static double[][] Read(IDataView data, IRowToRowMapper mapper)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        using DataViewRow row = mapper.GetRow(cursor, mapper.OutputSchema);
        var getter = row.GetGetter<VBuffer<double>>(mapper.OutputSchema["Forecast"]);
        var rows = new List<double[]>();
        VBuffer<double> forecast = default;
        while (cursor.MoveNext())
        {
            getter(ref forecast);
            rows.Add([.. forecast.DenseValues()]);
        }

        return [.. rows];
    }
}
