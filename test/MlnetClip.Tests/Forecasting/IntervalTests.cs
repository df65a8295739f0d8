using Microsoft.ML;
using MlnetClip.Forecasting;

namespace MlnetClip.Tests.Forecasting;

/// <summary>Quantiles, intervals, counts, and recursive forecasts.</summary>
[TestClass]
public sealed class IntervalTests
{
    private readonly MLContext _context = new(seed: 1);

    /// <summary>Independent values, uniform from 0 to 10: the quantile of level q is 10 q.</summary>
    private static float[] Uniform(int rows, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => 10 * random.NextSingle())];
    }

    [TestMethod]
    public void QuantilesAreThoseOfTheValuesAndNeverCross()
    {
        LstmForecastingTransformer model = Forecasts.Fit(
            _context, options => (options.Quantiles, options.Scaling, options.NumberOfEpochs, options.LearningRate) = ([0.1f, 0.5f, 0.9f], SeriesScaling.Standardize, 30, 0.01f), Uniform(1000));
        IDataView scored = model.Transform(Forecasts.View(_context, Uniform(500, seed: 2)));
        float[][] low = Forecasts.Read(scored, "Forecast.q0.1"), middle = Forecasts.Read(scored, "Forecast.q0.5"), high = Forecasts.Read(scored, "Forecast.q0.9"), forecast = Forecasts.Read(scored);
        for (int t = 11; t < 500; t++)
        {
            for (int h = 0; h < 3; h++)
            {
                Assert.IsTrue(low[t][h] <= middle[t][h] && middle[t][h] <= high[t][h], $"row {t}");
                Assert.AreEqual(middle[t][h], forecast[t][h]);
            }
        }

        Assert.AreEqual(1, low[11..].Average(row => row[0]), 0.7);
        Assert.AreEqual(5, middle[11..].Average(row => row[0]), 0.7);
        Assert.AreEqual(9, high[11..].Average(row => row[0]), 0.7);
    }

    /// <summary>Even an untrained network sorts its quantiles.</summary>
    [TestMethod]
    public void QuantilesOfAnUntrainedNetworkDoNotCross()
    {
        LstmForecastingTransformer model = Forecasts.Fit(_context, options => (options.Quantiles, options.NumberOfEpochs, options.LearningRate) = ([0.2f, 0.5f, 0.8f], 1, 1e-9f));
        IDataView scored = model.Transform(Forecasts.View(_context, Forecasts.Wave(60)));
        foreach (var (low, high) in Forecasts.Read(scored, "Forecast.q0.2").Zip(Forecasts.Read(scored, "Forecast.q0.8")).Skip(11))
            for (int h = 0; h < 3; h++) Assert.IsLessThanOrEqualTo(high[h], low[h]);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void TheIntervalContainsItsShareOfValues(bool quantiles)
    {
        LstmForecastingTransformer model = Forecasts.Fit(_context, options =>
        {
            (options.ConfidenceLowerBoundColumn, options.ConfidenceUpperBoundColumn, options.ConfidenceLevel, options.ValidationFraction) = ("Low", "High", 0.8f, 0.4);
            if (quantiles) options.Quantiles = [0.3f, 0.5f, 0.7f]; // narrower than the level, so the margin must widen them
        }, Uniform(1000));
        float[] values = Uniform(2000, seed: 5);
        IDataView scored = model.Transform(Forecasts.View(_context, values));
        float[][] low = Forecasts.Read(scored, "Low"), high = Forecasts.Read(scored, "High"), forecast = Forecasts.Read(scored);
        for (int h = 0; h < 3; h++)
        {
            int inside = 0, all = 0;
            for (int t = 11; t < values.Length - 1 - h; t++, all++)
            {
                Assert.IsTrue(low[t][h] <= forecast[t][h] && forecast[t][h] <= high[t][h]);
                if (values[t + 1 + h] >= low[t][h] && values[t + 1 + h] <= high[t][h]) inside++;
            }

            Assert.AreEqual(0.8, (double)inside / all, 0.05, $"step {h + 1}");
        }
    }

    /// <summary>The rank of split conformal prediction: ceil((n + 1) level) of n errors.</summary>
    [TestMethod]
    [DataRow(9, 0.8f, 8)]
    [DataRow(10, 0.8f, 9)]
    [DataRow(19, 0.95f, 19)]
    [DataRow(5, 0.95f, 5)]
    public void TheMarginIsTheRankOfTheLevel(int errors, float level, int rank) =>
        Assert.AreEqual(rank, ForecastInterval.Margin([.. Enumerable.Range(1, errors).Reverse().Select(i => (double)i)], level));

    [TestMethod]
    public void TooFewValidationRowsForALevelAreSaid()
    {
        var messages = new List<string>();
        _context.Log += (_, e) => messages.Add(e.Message);
        Forecasts.Fit(_context, options => options.ConfidenceUpperBoundColumn = "High");
        Assert.Contains("An interval that contains 95% of the values needs at least 19 validation errors for each step of the horizon, but one has 8", string.Join('\n', messages));
        Assert.AreEqual(19, ForecastInterval.Needed(0.95f));
        Assert.Contains("needs a validation row for every step", Assert.ThrowsExactly<InvalidDataException>(() => Forecasts.Fit(_context, options => (options.ConfidenceUpperBoundColumn, options.Horizon, options.ValidationFraction) = ("High", 20, 0.05))).Message);
    }

    [TestMethod]
    public void CountsAreNotNegative()
    {
        float[] counts = [.. Uniform(300).Select(value => value < 8 ? 0 : value)];
        LstmForecastingTransformer model = Forecasts.Fit(_context, options =>
        {
            (options.NonNegative, options.Quantiles, options.ConfidenceLowerBoundColumn, options.ConfidenceLevel) = (true, [0.05f, 0.5f], "Low", 0.7f);
        }, counts);
        IDataView scored = model.Transform(Forecasts.View(_context, counts));
        int zeros = 0;
        foreach (string column in new[] { "Forecast", "Forecast.q0.05", "Low" })
        {
            foreach (float value in Forecasts.Read(scored, column).Skip(11).SelectMany(row => row))
            {
                Assert.IsGreaterThanOrEqualTo(0, value);
                if (value == 0) zeros++;
            }
        }

        Assert.IsGreaterThan(0, zeros);
    }

    [TestMethod]
    public void ARecursiveForecastIsAOneStepForecastOfItsOwnForecasts()
    {
        foreach (SeriesScaling scaling in new[] { SeriesScaling.RelativeToLast, SeriesScaling.SeasonalDifference, SeriesScaling.PerWindow })
        {
            void Options(LstmForecastingTrainer.Options options) => (options.Scaling, options.SeasonLength) = (scaling, 12);
            LstmForecastingTransformer recursive = Forecasts.Fit(_context, options =>
            {
                Options(options);
                (options.Strategy, options.Horizon) = (ForecastStrategy.Recursive, 5);
            }), oneStep = Forecasts.Fit(_context, options =>
            {
                Options(options);
                options.Horizon = 1;
            });
            Assert.AreSequenceEqual(Forecasts.Weights(oneStep), Forecasts.Weights(recursive));
            List<double> history = [.. Forecasts.Wave(40).Select(value => (double)value)];
            double[] all = recursive.Forecast(history.ToArray().AsSpan());
            Assert.HasCount(5, all);
            foreach (double value in all)
            {
                double next = oneStep.Forecast(history.ToArray().AsSpan())[0];
                Assert.AreEqual(next, value, 1e-9 * Math.Abs(next), $"{scaling}");
                history.Add(next);
            }
        }
    }

    [TestMethod]
    public void WhatDoesNotGoTogetherIsReportedTogether()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => _context.Forecasting.ForecastByLstm(Forecasts.Options(options =>
        {
            (options.Strategy, options.Quantiles, options.PastCovariateColumnNames, options.TimeColumnName) = (ForecastStrategy.Recursive, [0.1f, 0.9f], ["P"], "Time");
            (options.TargetColumnNames, options.StaticCovariateColumnNames, options.Scaling, options.Loss) = (["A", "B"], ["A"], SeriesScaling.SeasonalDifference, new HuberLoss());
        })));
        foreach (string part in new[]
        {
            "InputColumnName must be null with TargetColumnNames", "StaticCovariateColumnNames must name columns that no other option names, but TargetColumnNames has, but was 'A'",
            "SeasonLength must be set for Scaling SeasonalDifference", "Quantiles must contain 0.5", "Loss must be mse with Quantiles", "Strategy must be Direct with Quantiles",
            "Strategy must be Direct with past covariates", "Calendar must be None with Strategy Recursive",
        }) Assert.Contains(part, error.Message);
        Assert.Contains("Loss must be a loss between numbers", Assert.ThrowsExactly<ArgumentException>(() => _context.Forecasting.ForecastByLstm(Forecasts.Options(options => options.Loss = new PinballLoss(0.1f, 0.9f)))).Message);
        Assert.Contains("must be in ascending order", Assert.ThrowsExactly<ArgumentException>(() => _context.Forecasting.ForecastByLstm(Forecasts.Options(options => options.Quantiles = [0.9f, 0.5f]))).Message);
        Assert.Contains("must be null without validation rows", Assert.ThrowsExactly<ArgumentException>(() => Forecasts.Fit(_context, options => (options.ConfidenceUpperBoundColumn, options.ValidationFraction) = ("High", 0))).Message);
    }

    [TestMethod]
    public void AModelOfEverythingIsSavedWhole()
    {
        Stores.Row[] rows = Stores.Interleaved(Stores.Of("A", 100), Stores.Of("B", 90, 500));
        LstmForecastingTransformer model = Stores.Fit(_context, rows, options =>
        {
            (options.InputColumnName, options.TargetColumnNames, options.GroupColumnName, options.TimeColumnName) = (null, ["Sales", "Visits"], "Store", "Time");
            (options.PastCovariateColumnNames, options.FutureCovariateColumnNames, options.StaticCovariateColumnNames) = (["Weather"], ["Holiday"], ["Size"]);
            (options.Scaling, options.SeasonLength, options.Quantiles, options.NonNegative, options.UnseenSeries) = (SeriesScaling.SeasonalDifference, 7, [0.1f, 0.5f, 0.9f], true, UnseenSeries.Missing);
            (options.ConfidenceLowerBoundColumn, options.ConfidenceUpperBoundColumn, options.ConfidenceLevel) = ("Low", "High", 0.7f);
        });
        using var file = new MemoryStream();
        IDataView data = Stores.View(_context, rows);
        _context.Model.Save(model, data.Schema, file);
        file.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(file, out _);
        IDataView expected = model.Transform(data), actual = loaded.Transform(data);
        Assert.AreEqual(expected.Schema.Count, actual.Schema.Count);
        foreach (string column in model.OutputColumnNames)
            foreach (var (one, other) in Stores.Read(expected, column).Zip(Stores.Read(actual, column))) Assert.AreSequenceEqual(one, other);
        Assert.IsTrue(double.IsFinite(Stores.Read(actual, "High.Visits")[150][1]));
        file.Position = 0;
        SavedForecaster saved = ModelFile.Inspect(file).Forecasters.Single();
        Assert.AreSequenceEqual(new[] { "Sales", "Visits" }, saved.TargetColumnNames.ToArray());
        Assert.AreEqual(model.Training.ToString(), saved.Training.ToString());
    }

    [TestMethod]
    public void AWarmStartNeedsTheSameWindow()
    {
        Stores.Row[] rows = Stores.Of("A", 100);
        LstmForecastingTransformer start = Stores.Fit(_context, rows, options => options.PastCovariateColumnNames = ["Weather"]);
        IDataView data = Stores.View(_context, rows);
        LstmForecastingTransformer same = _context.Forecasting.ForecastByLstm(Stores.Options(options => options.PastCovariateColumnNames = ["Weather"])).Fit(data, null, start.Model);
        Assert.IsTrue(same.Training.WarmStart);
        Assert.Contains("The starting model must have been trained on as many columns and calendar features, but it reads 8 rows of 1 target, 1 past, 0 future", Assert.ThrowsExactly<ArgumentException>(
            () => _context.Forecasting.ForecastByLstm(Stores.Options()).Fit(data, null, start.Model)).Message);
    }
}
