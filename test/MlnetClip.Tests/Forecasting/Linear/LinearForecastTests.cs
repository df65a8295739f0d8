using Microsoft.ML;
using MlnetClip.Data;
using MlnetClip.Forecasting;

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
