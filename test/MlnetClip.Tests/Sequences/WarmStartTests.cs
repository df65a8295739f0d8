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
}
