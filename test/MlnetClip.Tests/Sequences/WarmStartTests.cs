using Microsoft.ML;
using Microsoft.ML.Data;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Sequences;

/// <summary>Training that begins with weights of another model of this library: whole or without the head, all of it or the head alone.</summary>
[TestClass]
public sealed class WarmStartTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void AModelWithTheWeightsOfAnotherPredictsTheSame()
    {
        IDataView rows = Pulse.View(_context), others = Pulse.View(_context, 90, seed: 5); // their means and deviations differ
        LstmPredictionTransformer first = Pulse.Regression(_context).Fit(rows);
        LstmPredictionTransformer second = Pulse.Regression(_context, options => (options.InitialWeights, options.LearningRate, options.NumberOfEpochs, options.ValidationFraction)
            = (first.Model.ToInitialWeights(), 1e-30f, 1, 0)).Fit(others);
        float[] expected = [.. first.Transform(others).GetColumn<float>("Score")], actual = [.. second.Transform(others).GetColumn<float>("Score")];
        for (int i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], actual[i], 0.05f, $"row {i}, of values around 1000");
    }

    [TestMethod]
    public void TheHeadAloneIsTrainedForAnotherTask()
    {
        IDataView rows = Pulse.View(_context);
        LstmModelParameters body = Pulse.Regression(_context).Fit(rows).Model;
        LstmPredictionTransformer model = Pulse.Binary(_context, options =>
        {
            options.InitialWeights = body.ToInitialWeights().WithoutHead();
            options.Frozen = FrozenParameters.AllButHead;
            options.Optimizer = Optimizer.AdamW(0.1f);
        }).Fit(rows);

        foreach (string name in body.ParameterNames.Where(name => !name.StartsWith("head", StringComparison.Ordinal)))
            Near.AssertAll(body.GetWeights(name), model.Model.GetWeights(name), 1e-4, name); // as they were, but for the scaling of 15 rows more or fewer
        Assert.IsGreaterThan(0.9, _context.BinaryClassification.Evaluate(model.Transform(rows), nameof(Pulse.IsLate)).Accuracy);
    }

    [TestMethod]
    public void AForecasterBeginsWithTheBodyOfOneOfAnotherHorizon()
    {
        var first = Forecasts.Fit(_context);
        LstmForecastingTransformer Fit(Action<LstmForecastingTrainer.Options> change) => Forecasts.Fit(new MLContext(seed: 2), options =>
        {
            (options.Horizon, options.InitialWeights) = (5, first.Model.ToInitialWeights().WithoutHead());
            change(options);
        });
        LstmForecastingTransformer frozen = Fit(options => options.Frozen = FrozenParameters.AllButHead), free = Fit(_ => { });
        Assert.AreEqual(5, frozen.Model.Horizon);
        foreach (string name in first.Model.ParameterNames.Where(name => !name.StartsWith("head", StringComparison.Ordinal)))
        {
            Near.AssertSameBits(first.Model.GetWeights(name), frozen.Model.GetWeights(name), name);
            Assert.IsFalse(first.Model.GetWeights(name).SequenceEqual(free.Model.GetWeights(name)), name);
        }

        Assert.Contains("head.weight [5, 6] is 'head.weight' [3, 6] in the file", Assert.ThrowsExactly<ArgumentException>(
            () => Forecasts.Fit(_context, options => (options.Horizon, options.InitialWeights) = (5, first.Model.ToInitialWeights()))).Message);
    }

    [TestMethod]
    public void AFitThatStartsFromAModelMayFreezeLayers()
    {
        var first = Forecasts.Fit(_context);
        var data = Forecasts.View(_context, Forecasts.Wave(100));
        LstmForecastingTransformer second = new MLContext(seed: 3).Forecasting.ForecastByLstm(Forecasts.Options(options => options.Frozen = FrozenParameters.Parse("layer0"))).Fit(data, null, first.Model);
        Near.AssertSameBits(first.Model.GetWeights("lstm.weight_hh_l0"), second.Model.GetWeights("lstm.weight_hh_l0"), "frozen");
        Assert.IsFalse(first.Model.GetWeights("head.weight").SequenceEqual(second.Model.GetWeights("head.weight")));
    }

    [TestMethod]
    public void WithoutAnEpochTheModelHasExactlyTheWeightsAndTheScalingThatItBeginsWith()
    {
        IDataView rows = Pulse.View(_context), others = Pulse.View(_context, 90, seed: 5);
        LstmPredictionTransformer first = Pulse.Regression(_context).Fit(rows);
        LstmPredictionTransformer still = Pulse.Regression(_context, options => (options.InitialWeights, options.NumberOfEpochs, options.LearningRate) = (first.Model.ToInitialWeights(), 0, null)).Fit(others);
        LstmPredictionTransformer started = Pulse.Regression(_context, options => options.NumberOfEpochs = 0).Fit(others, null, first.Model);

        foreach (LstmPredictionTransformer model in new[] { still, started })
        {
            foreach (string name in first.Model.ParameterNames) Near.AssertSameBits(first.Model.GetWeights(name), model.Model.GetWeights(name), name);
            Assert.AreSequenceEqual(first.Transform(others).GetColumn<float>("Score").ToArray(), model.Transform(others).GetColumn<float>("Score").ToArray());
            LstmTrainingReport report = model.Training;
            Assert.AreEqual((0, 0, 0L, true, null), (report.Epochs, report.BestEpoch, report.Steps, report.WarmStart, report.ValidationLoss));
            Assert.StartsWith("no training step was made: the weights are those of ", $"{report}");
            Assert.AreEqual("No training step was made: nothing can be said about clipping.", string.Join(' ', report.ClippingSummary.Verdicts));
        }

        Assert.AreEqual($"{first.Model.ToInitialWeights()}", still.Training.StartedFrom);
        Assert.AreEqual($"a trained model {first.Model}", started.Training.StartedFrom);
        Assert.IsNull(first.Training.StartedFrom);
        using var file = new MemoryStream();
        _context.Model.Save(still, rows.Schema, file);
        var loaded = (LstmPredictionTransformer)_context.Model.Load(file, out _);
        Assert.AreEqual((0, still.Training.StartedFrom), (loaded.Training.Epochs, loaded.Training.StartedFrom));
    }

    [TestMethod]
    public void WithoutAnEpochAForecasterHasExactlyTheWeights()
    {
        var first = Forecasts.Fit(_context);
        var second = Forecasts.Fit(new MLContext(seed: 2), options => (options.InitialWeights, options.NumberOfEpochs, options.MinimumNumberOfSteps) = (first.Model.ToInitialWeights(), 0, 500));
        Assert.AreSequenceEqual(Forecasts.Weights(first), Forecasts.Weights(second));
        Assert.AreEqual(0, second.Training.Steps);
    }

    [TestMethod]
    public void WithoutAnEpochThereMustBeWeightsWithTheirHead()
    {
        var first = Forecasts.Fit(_context);
        foreach (InitialWeights? weights in new[] { null, first.Model.ToInitialWeights().WithoutHead() })
        {
            string message = Assert.ThrowsExactly<ArgumentException>(() => Forecasts.Fit(_context, options => (options.NumberOfEpochs, options.InitialWeights) = (0, weights))).Message;
            Assert.Contains("NumberOfEpochs must be 1 or more where training begins with random weights, but was 0.", message);
            Assert.Contains("Hint: set InitialWeights, with their head, to keep those weights as they are.", message);
        }
    }

    [TestMethod]
    public void FrozenRandomWeightsAreWarnedOf()
    {
        var context = new MLContext(seed: 1);
        var warnings = new List<string>();
        context.Log += (_, message) => { if (message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) warnings.Add(message.RawMessage); };
        var first = Forecasts.Fit(context, options => options.Frozen = FrozenParameters.AllButHead);
        Assert.Contains("The parameters of Frozen 'body' keep random weights, because training does not begin with those of a model.", warnings);
        warnings.Clear();
        Forecasts.Fit(context, options => (options.Frozen, options.InitialWeights) = (FrozenParameters.AllButHead, first.Model.ToInitialWeights()));
        Assert.IsFalse(warnings.Any(warning => warning.Contains("Frozen", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void TheForecastersForgetGatesBeginWithTheirBias()
    {
        var model = Forecasts.Fit(_context, options => (options.ForgetGateBias, options.LearningRate, options.Optimizer, options.NumberOfEpochs) = (3, 1e-30f, Optimizer.Sgd(), 1)).Model;
        ReadOnlySpan<float> input = model.GetWeights("lstm.bias_ih_l0"), recurrent = model.GetWeights("lstm.bias_hh_l0");
        for (int i = 0; i < 6; i++) Assert.AreEqual(3, input[6 + i] + recurrent[6 + i], 1e-6f);
    }
}
