using Microsoft.ML;

namespace MlnetClip.Tests.Sequences;

/// <summary>The trainers hand their regularization options on to the fit.</summary>
[TestClass]
public sealed class RegularizationTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void EachOptionChangesTheWeightsOrTheSteps()
    {
        float[] plain = Weights(_ => { });
        Action<LstmBinaryTrainer.Options>[] changes =
        [
            options => options.GradientNoise = 0.01f,
            options => options.WeightAveraging = WeightAveraging.ExponentialMoving(0.9f),
            options => options.AccumulatedBatches = 2,
            options => options.LabelSmoothing = 0.2f,
            options => options.Frozen = FrozenParameters.AllButHead,
        ];
        foreach (Action<LstmBinaryTrainer.Options> change in changes)
        {
            float[] changed = Weights(change);
            CollectionAssert.AreNotEqual(plain, changed);
            CollectionAssert.AreEqual(changed, Weights(change), "the same again");
        }
    }

    [TestMethod]
    public void IllegalOptionsAreReportedTogether()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Weights(options =>
            (options.GradientNoise, options.AccumulatedBatches, options.LabelSmoothing) = (-1, 0, 1)));
        foreach (string problem in new[] { "GradientNoise must be 0 or more", "AccumulatedBatches must be", "LabelSmoothing must be 0 or more and below 1" }) Assert.Contains(problem, error.Message);
        Assert.Contains("Options.Frozen must refer to groups that the model has", Assert.ThrowsExactly<ArgumentException>(() => Weights(options => options.Frozen = FrozenParameters.Parse("layer7"))).Message);
    }

    private float[] Weights(Action<LstmBinaryTrainer.Options> change)
    {
        LstmPredictionTransformer model = Pulse.Binary(_context, change).Fit(Pulse.View(_context));
        return [.. model.Model.ParameterNames.SelectMany(name => model.Model.GetWeights(name).ToArray())];
    }
}
