using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Forecasting;

/// <summary>Splits in time order, and what is said of rows that are not in it.</summary>
[TestClass]
public sealed class RowOrderTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly List<string> _warnings = [];

    public RowOrderTests() => _context.Log += (_, message) =>
    {
        if (message.Kind == ChannelMessageKind.Warning) _warnings.Add(message.RawMessage);
    };

    [TestMethod]
    [DataRow(100, 0.2, 80)]
    [DataRow(100, 0.07, 93)]
    [DataRow(101, 0.2, 80)]
    [DataRow(2, 0.1, 1)]
    public void ASplitByTimeKeepsTheOrder(int rows, double share, int cut)
    {
        var split = _context.Data.SplitByTime(Forecasts.View(_context, Forecasts.Wave(rows)), share);
        Assert.AreSequenceEqual(Enumerable.Range(0, cut), split.TrainSet.GetColumn<int>("Number").ToArray());
        Assert.AreSequenceEqual(Enumerable.Range(cut, rows - cut), split.TestSet.GetColumn<int>("Number").ToArray());
        Assert.AreEqual(cut, ForecastProtocol.Cut(rows, share));
    }

    [TestMethod]
    public void ItIsWhatTheForecasterTakes()
    {
        IDataView data = Forecasts.View(_context, Forecasts.Wave(200));
        var split = _context.Data.SplitByTime(data, 0.2);
        var model = _context.Forecasting.ForecastByLstm(Forecasts.Options()).Fit(split.TrainSet, split.TestSet);
        Assert.AreEqual((200, 40), (model.Training.Rows, model.Training.ValidationRows));
        Assert.IsFalse(split.TrainSet.CanShuffle);
        model.Transform(split.TestSet);
        Assert.IsEmpty(_warnings);
    }

    /// <summary>The lines of docs/forecasting.md.</summary>
    [TestMethod]
    public void AForecasterIsEvaluatedFromTheFirstTestRowOn()
    {
        MLContext mlContext = _context;
        IDataView data = Forecasts.View(mlContext, Forecasts.Wave(200));

        var split = mlContext.Data.SplitByTime(data, testFraction: 0.2);
        var model = mlContext.Forecasting.ForecastByLstm("Forecast", "Value", windowSize: 12, horizon: 3).Fit(split.TrainSet);
        var scores = mlContext.Forecasting.Evaluate(model.Transform(data), "Value", "Forecast", firstRow: model.Training.Rows);

        Assert.AreEqual((39, 0L), (scores.Origins, scores.Skipped));
        string page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "forecasting.md"));
        string source = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "test", "MlnetClip.Tests", "Forecasting", "RowOrderTests.cs"));
        foreach (string line in page.Split("```csharp")[2].Split("```")[0].Trim().Split('\n')) Assert.Contains(line.Trim(), source);
    }

    [TestMethod]
    public void RowsAreCountedWhereTheViewDoesNotKnowTheirNumber()
    {
        IDataView filtered = _context.Data.FilterRowsByColumn(Forecasts.View(_context, Forecasts.Wave(100)), "Value", lowerBound: 102);
        Assert.IsNull(filtered.GetRowCount());
        int rows = filtered.GetColumn<int>("Number").Count();
        var split = _context.Data.SplitByTime(filtered, 0.5);
        Assert.AreEqual(rows / 2, split.TrainSet.GetColumn<int>("Number").Count());
        _context.Forecasting.ForecastByLstm(Forecasts.Options()).Fit(filtered);
        Assert.IsEmpty(_warnings, "a filter by value is no split");
    }

    [TestMethod]
    public void WhatCannotBeSplitIsRefused()
    {
        IDataView data = Forecasts.View(_context, [1]);
        foreach (double share in new[] { 0, 1, -0.1, double.NaN })
            Assert.Contains("testFraction must be above 0 and below 1.", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Data.SplitByTime(data, share)).Message);
        Assert.Contains("with 1 row none is left for training", Assert.ThrowsExactly<ArgumentException>(() => _context.Data.SplitByTime(data)).Message);
        Assert.ThrowsExactly<ArgumentException>(() => _context.Data.SplitByTime(Forecasts.View(_context, [])));
    }

    [TestMethod]
    public void RowsOutOfOrderAreWarnedOf()
    {
        IDataView data = Forecasts.View(_context, Forecasts.Wave(200));
        Said("ShuffleRows", _context.Data.ShuffleRows(data));
        Said("BootstrapSample", _context.Data.BootstrapSample(data));
        Said("TrainTestSplit", _context.Data.TrainTestSplit(data, 0.2).TrainSet);
        Said("TrainTestSplit", _context.Data.TrainTestSplit(data, 0.2, samplingKeyColumnName: "Number").TrainSet);
        Said("TrainTestSplit", _context.Data.CrossValidationSplit(data, 3)[1].TrainSet);
        Said("ShuffleRows", _context.Transforms.CopyColumns("Copy", "Value").Fit(data).Transform(_context.Data.ShuffleRows(data)));
        Said("ShuffleRows", _context.Data.Cache(_context.Data.ShuffleRows(data)));
        Said("TrainTestSplit", _context.Transforms.CopyColumns("Copy", "Value").AppendCacheCheckpoint(_context).Fit(data).Transform(_context.Data.Cache(_context.Data.TrainTestSplit(data, 0.2).TrainSet, "Value")));
    }

    [TestMethod]
    public void ACacheOfRowsInOrderIsNotWarnedOf()
    {
        IDataView data = Forecasts.View(_context, Forecasts.Wave(200));
        _context.Forecasting.ForecastByLstm(Forecasts.Options(options => options.NumberOfEpochs = 1)).Fit(_context.Data.Cache(data));
        Assert.IsEmpty(_warnings);
    }

    [TestMethod]
    public void SoAreThoseThatAForecastIsAskedFor()
    {
        IDataView data = Forecasts.View(_context, Forecasts.Wave(200));
        LstmForecastingTransformer model = _context.Forecasting.ForecastByLstm(Forecasts.Options()).Fit(data);
        Assert.IsEmpty(_warnings);
        model.Transform(_context.Data.TrainTestSplit(data, 0.2).TestSet);
        Assert.Contains("mlContext.Data.SplitByTime", _warnings.Single());
    }

    private void Said(string method, IDataView rows)
    {
        _warnings.Clear();
        _context.Forecasting.ForecastByLstm(Forecasts.Options(options => options.NumberOfEpochs = 1)).Fit(rows);
        Assert.Contains("must be in time order, but they come from ", _warnings.First());
        Assert.Contains(method, _warnings.First());
    }
}
