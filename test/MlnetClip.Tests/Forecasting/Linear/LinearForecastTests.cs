using Microsoft.ML;
using MlnetClip.Data;
using MlnetClip.Forecasting;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Forecasting.Linear;

/// <summary>The linear part inside the forecaster.</summary>
[TestClass]
public sealed class LinearForecastTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void ALinearSeriesIsForecastExactly()
    {
        float[] series = [.. Enumerable.Range(0, 120).Select(i => (float)(5 + (0.1 * i) + Math.Sin(i * Math.PI / 6)))];
        float[] exact = [.. Enumerable.Range(120, 3).Select(i => (float)(5 + (0.1 * i) + Math.Sin(i * Math.PI / 6)))];
        float[] with = Forecasts.Fit(_context, values: series).Forecast(series), without = Forecasts.Fit(_context, options => options.LinearPart = LinearPartUse.None, series).Forecast(series);
        for (int h = 0; h < 3; h++) Assert.AreEqual(exact[h], with[h], 0.02f);
        Assert.IsGreaterThan(0.1f, Enumerable.Range(0, 3).Max(h => Math.Abs(without[h] - exact[h])));
    }

    [TestMethod]
    public void ANetworkThatDoesNotHelpIsLeftOut()
    {
        var random = new Random(3);
        float[] noise = [.. Enumerable.Range(0, 200).Select(_ => (float)random.NextDouble())];
        LstmForecastingTransformer model = Forecasts.Fit(_context, options => options.LearningRate = 0.1f, noise);
        Assert.AreEqual(0, model.Training.LinearPart!.NetworkShare);
        Assert.AreEqual("the linear part alone: the network does not improve it on the validation rows", $"{model.Training.LinearPart}");
        LinearForecast linear = model.Model.Encoder.Linear!;
        float[] inputs = [.. noise[^12..].Select(value => (value - noise[^1]) / (float)model.Model.Scale)];
        var x = new double[linear.Part.Features];
        linear.Inputs.Read(model.Model.Layout, 0, inputs, 1, [new WindowScale(noise[^1], model.Model.Scale)], x);
        var y = new double[3];
        linear.Part.Predict(x, y);
        float[] forecast = model.Forecast(noise);
        for (int h = 0; h < 3; h++) Assert.AreEqual(noise[^1] + (y[h] * model.Model.Scale), forecast[h], 1e-5);
    }

    [TestMethod]
    public void AlwaysTakesAllOfTheNetwork()
    {
        Assert.AreEqual(1, Forecasts.Fit(_context, options => options.LinearPart = LinearPartUse.Always).Training.LinearPart!.NetworkShare);
        Assert.AreEqual(1, Forecasts.Fit(_context, options => options.ValidationFraction = 0).Training.LinearPart!.NetworkShare, "nothing to choose on");
        Assert.IsNull(Forecasts.Fit(_context, options => options.LinearPart = LinearPartUse.None).Training.LinearPart);
    }

    [TestMethod]
    public void TheNetworkHelpsWhereTheRuleIsNotLinear()
    {
        // The logistic map: the next value is a parabola of the last, whose linear regression is a constant.
        float[] series = new float[600];
        series[0] = 0.3f;
        for (int i = 1; i < series.Length; i++) series[i] = 3.9f * series[i - 1] * (1 - series[i - 1]);
        LstmForecastingTransformer model = Forecasts.Fit(
            _context, options => (options.Horizon, options.WindowSize, options.NumberOfEpochs, options.LearningRate) = (1, 4, 40, 0.02f), series);
        Assert.IsGreaterThan(0.9, model.Training.LinearPart!.NetworkShare);
        Assert.IsLessThan(0.2, model.Training.ValidationLoss!.Value, "the residual of the linear part has a mean square of 1");
    }

    /// <summary>A series that is a future covariate times 5, without anything that repeats itself.</summary>
    [TestMethod]
    [DataRow(ForecastStrategy.Direct)]
    [DataRow(ForecastStrategy.Recursive)]
    public void FutureCovariatesOfAStepAreRead(ForecastStrategy strategy)
    {
        Stores.Row[] rows = Stores.Of("A", 200);
        foreach (Stores.Row row in rows) row.Sales = 5 * row.Weather;
        LstmForecastingTransformer model = Stores.Fit(_context, rows, options => (options.FutureCovariateColumnNames, options.Strategy, options.Scaling) = (["Weather"], strategy, SeriesScaling.Standardize));
        double[][] forecasts = Stores.Read(model.Transform(Stores.View(_context, rows)), "Forecast");
        for (int t = 190; t < 198; t++)
            for (int h = 0; h < 2; h++) Assert.AreEqual(rows[t + 1 + h].Sales, forecasts[t][h], 0.05, $"row {t}, step {h}");
        Assert.Contains("future covariates", model.Training.LinearPart!.Forecasts[0].Name);
    }

    /// <summary>A step reads the covariates of its own row in the horizon: those of later rows may be unknown.</summary>
    [TestMethod]
    public void FutureCovariatesOfLaterStepsAreNot()
    {
        Stores.Row[] rows = Stores.Of("A", 200);
        LstmForecastingTransformer model = Stores.Fit(_context, rows, options => (options.FutureCovariateColumnNames, options.Horizon) = (["Weather"], 3));
        Stores.Row[] changed = Stores.Of("A", 200);
        changed[150].Weather = 100;
        double[][] before = Forecast(rows), after = Forecast(changed);
        Assert.AreSequenceEqual(before[147][..2], after[147][..2]);
        Assert.AreNotEqual(before[147][2], after[147][2]);

        double[][] Forecast(Stores.Row[] of) => Stores.Read(model.Transform(Stores.View(_context, of)), "Forecast");
    }

    /// <summary>A trend that ends where the validation rows begin: a network that has hardly learned stays at the last value, and the linear part goes on with the trend.</summary>
    [TestMethod]
    public void ANetworkAloneIsChosenWhereItIsBetter()
    {
        var random = new Random(5);
        float[] series = [.. Enumerable.Range(0, 200).Select(i => Math.Min(i, 158) + (float)random.NextDouble())];
        LstmForecastingTransformer model = Forecasts.Fit(_context, options => (options.LinearPart, options.LearningRate, options.ValidationFraction) = (LinearPartUse.Compare, 1e-6f, 0.2), series);
        LinearPartReport report = model.Training.LinearPart!;
        Assert.IsTrue(report.IsNetworkAlone);
        Assert.IsLessThan(0.99, report.NetworkAloneRatio!.Value);
        Assert.IsNull(model.Model.Encoder.Linear);
        Assert.AreEqual($"the network alone: its error on the validation rows is {report.NetworkAloneRatio:G3} times that with a linear part", $"{report}");
        LstmForecastingTransformer alone = Forecasts.Fit(_context, options => (options.LinearPart, options.LearningRate, options.ValidationFraction) = (LinearPartUse.None, 1e-6f, 0.2), series);
        Assert.AreSequenceEqual(Forecasts.Weights(alone), Forecasts.Weights(model));
        using var file = new MemoryStream();
        _context.Model.Save(model, Forecasts.View(_context, series).Schema, file);
        Assert.AreEqual(report.ToString(), ((LstmForecastingTransformer)_context.Model.Load(file, out _)).Training.LinearPart!.ToString());
    }

    [TestMethod]
    public void ANetworkAloneIsNotChosenWhereItIsWorse()
    {
        LstmForecastingTransformer model = Forecasts.Fit(_context, options => options.LinearPart = LinearPartUse.Compare), automatic = Forecasts.Fit(_context);
        Assert.IsFalse(model.Training.LinearPart!.IsNetworkAlone);
        Assert.IsGreaterThan(1, model.Training.LinearPart.NetworkAloneRatio!.Value);
        Assert.Contains("a network alone has ", $"{model.Training.LinearPart}");
        Assert.AreSequenceEqual(automatic.Forecast(Forecasts.Wave(100)), model.Forecast(Forecasts.Wave(100)));
        var error = Assert.Throws<ArgumentException>(() => Forecasts.Fit(_context, options => (options.LinearPart, options.ValidationFraction) = (LinearPartUse.Compare, 0)));
        Assert.Contains("LinearPart must not be Compare without validation rows", error.Message);
    }

    [TestMethod]
    public void AComparisonResumes()
    {
        using var folder = new TemporaryFolder();
        LstmForecastingTransformer Fit(string? checkpoint, CancellationToken cancellation = default, IFitObserver? observer = null) => Forecasts.Fit(_context, options =>
            (options.LinearPart, options.CheckpointPath, options.CancellationToken, options.Observer) = (LinearPartUse.Compare, checkpoint, cancellation, observer));
        string path = folder.File("fit.ckpt");
        for (int epoch = 1; epoch < 6; epoch++)
        {
            using var cancel = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => Fit(path, cancel.Token, new CancelAfter(1, cancel)));
        }

        Assert.AreSequenceEqual(Forecasts.Weights(Fit(null)), Forecasts.Weights(Fit(path)));
        Assert.IsTrue(File.Exists(path + ".alone"));
    }

    private sealed class CancelAfter(int epochs, CancellationTokenSource cancel) : IFitObserver
    {
        private int _left = epochs;

        public void OnEpoch(EpochReport report)
        {
            if (--_left == 0) cancel.Cancel();
        }
    }

    [TestMethod]
    public void ValidationDataOfTheirOwnAreNotFitted()
    {
        float[] wave = Forecasts.Wave(100), other = [.. Forecasts.Wave(130)[100..].Select(value => value * 2)];
        double[] Weights(float[] validation) => [.. _context.Forecasting.ForecastByLstm(Forecasts.Options())
            .Fit(Forecasts.View(_context, wave), Forecasts.View(_context, validation)).Model.Encoder.Linear!.Part.Weights(1)];
        Assert.AreSequenceEqual(Weights(Forecasts.Wave(130)[100..]), Weights(other));
    }

    [TestMethod]
    public void TheLastRowsAreFittedInTheEnd()
    {
        float[] wave = Forecasts.Wave(100), other = [.. wave];
        for (int i = 90; i < 100; i++) other[i] += 1;
        Assert.IsFalse(Weights(wave).SequenceEqual(Weights(other)));

        double[] Weights(float[] series) => [.. Forecasts.Fit(_context, values: series).Model.Encoder.Linear!.Part.Weights(1)];
    }

    [TestMethod]
    public void AWarmStartKeepsTheLinearPart()
    {
        LstmForecastingTransformer start = Forecasts.Fit(_context);
        IDataView view = Forecasts.View(_context, Forecasts.Wave(100));
        LstmForecastingTransformer model = _context.Forecasting.ForecastByLstm(Forecasts.Options()).Fit(view, null, start.Model);
        Assert.AreSequenceEqual(start.Model.Encoder.Linear!.Part.Weights(0).ToArray(), model.Model.Encoder.Linear!.Part.Weights(0).ToArray());
        Assert.Contains(
            "LinearPart must not be None",
            Assert.Throws<ArgumentException>(() => _context.Forecasting.ForecastByLstm(Forecasts.Options(options => options.LinearPart = LinearPartUse.None)).Fit(view, null, start.Model)).Message);
    }

    [TestMethod]
    [DataRow(SeriesScaling.RelativeToLast)]
    [DataRow(SeriesScaling.Standardize)]
    [DataRow(SeriesScaling.Robust)]
    [DataRow(SeriesScaling.PerWindow)]
    [DataRow(SeriesScaling.SeasonalDifference)]
    [DataRow(SeriesScaling.None)]
    public void EveryScalingHasALinearPart(SeriesScaling scaling)
    {
        float[] wave = Forecasts.Wave(150, level: 2);
        LstmForecastingTransformer model = Forecasts.Fit(_context, options => (options.Scaling, options.SeasonLength) = (scaling, 12), wave[..147]);
        float[] forecast = model.Forecast(wave.AsSpan(0, 147));
        for (int h = 0; h < 3; h++) Assert.AreEqual(wave[147 + h], forecast[h], 0.4f);
    }

    [TestMethod]
    public void StepsHaveAFloor()
    {
        // 78 windows are 5 batches of 16.
        Assert.AreEqual(15, Forecasts.Fit(_context).Training.Steps);
        LstmForecastingTransformer model = Forecasts.Fit(_context, options => options.MinimumNumberOfSteps = 21);
        Assert.AreEqual((25, 5), (model.Training.Steps, model.Training.Epochs));
        Assert.AreEqual("3", model.Training.Options["NumberOfEpochs"]);
    }

    [TestMethod]
    public void ABetterNaiveForecastIsWarnedOf()
    {
        // A random walk: nothing is better than the last value, and a network that learns too fast is worse.
        var random = new Random(2);
        float[] walk = new float[300];
        for (int i = 1; i < walk.Length; i++) walk[i] = walk[i - 1] + (float)(random.NextDouble() - 0.5);
        var messages = new List<string>();
        _context.Log += (_, entry) => messages.Add(entry.Message);
        Forecasts.Fit(_context, options => (options.LinearPart, options.LearningRate, options.NumberOfEpochs) = (LinearPartUse.None, 5f, 1), walk);
        Assert.IsTrue(messages.Any(message => message.Contains("Repeating the last value has", StringComparison.Ordinal)), string.Join('\n', messages));
    }

    [TestMethod]
    public void ABestEpochThatIsTheLastIsWarnedOf()
    {
        var messages = new List<string>();
        _context.Log += (_, entry) => messages.Add(entry.Message);
        Forecasts.Fit(_context, options => (options.LinearPart, options.NumberOfEpochs) = (LinearPartUse.None, 10));
        Assert.IsTrue(messages.Any(message => message.Contains("The last of 10 epochs has the lowest validation loss", StringComparison.Ordinal)), string.Join('\n', messages));
    }

    [TestMethod]
    public void SeasonsAreFound()
    {
        Assert.AreEqual(12, Find(Forecasts.Wave(100), 30));
        Assert.AreEqual(0, Find([.. Enumerable.Range(0, 100).Select(i => (float)i)], 30), "a line has none");
        Assert.AreEqual(0, Find(Forecasts.Wave(100), 10), "it is longer than the window");

        static int Find(float[] values, int longest) => SeasonSearch.Find([(new Series([.. values.Select(value => (double)value)]), values.Length, 1)], longest);
    }

    [TestMethod]
    public void TheSeasonalRulesAreThoseOfTheEvaluation()
    {
        double[] series = [.. Enumerable.Range(0, 40).Select(i => (double)(i * i % 23))];
        var layout = new WindowLayout(12, 9);
        var inputs = new LinearInputs(12, [[0]], [0]);
        float[] window = [.. series[20..32].Select(value => (float)(value - series[31]))];
        var x = new double[inputs.Count(layout)];
        inputs.Read(layout, 0, window, 1, [new WindowScale(series[31], 1)], x);
        foreach (LinearCandidate candidate in LinearCandidates.Of(inputs, layout, SeriesScaling.RelativeToLast, season: 5))
        {
            for (int h = 1; h <= 9; h++)
            {
                double expected = candidate.Name.EndsWith("the last value", StringComparison.Ordinal) ? series[31]
                    : candidate.Name.EndsWith("the last season", StringComparison.Ordinal) ? NaiveForecast.Seasonal(series, 31, h, 5) : NaiveForecast.SeasonalDrift(series, 31, h, 5);
                var coefficients = new double[x.Length];
                candidate.Prior?.AddTo(h - 1, coefficients);
                Assert.AreEqual(expected, series[31] + coefficients.Zip(x, (coefficient, value) => coefficient * value).Sum(), 1e-5, $"{candidate.Name}, step {h}");
            }
        }
    }
}
