using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.TestKit;

namespace MlnetClip.Tests.Forecasting;

/// <summary>A learning rate that a trainer finds itself.</summary>
[TestClass]
public sealed class LearningRateTests
{
    [TestMethod]
    public void ARateThatIsNotGivenIsFound()
    {
        var found = Fit(null);
        float rate = found.Training.LearningRateSweep!.Proposal!.Value;

        Assert.AreEqual("auto", found.Training.Options["LearningRate"]);
        Assert.AreEqual(rate, (float)found.Training.ClippingSummary.LearningRate);
        Assert.AreEqual(found.Training.LearningRateSweep.ToString(), found.Training.LearningRateReason);
        Near.AssertSameBits(Fit(rate).Model.Weights.Span, found.Model.Weights.Span, "weights of a fit with that rate");
        Assert.IsNull(Fit(rate).Training.LearningRateReason);
    }

    [TestMethod]
    public void ItIsSavedAndLogged()
    {
        var context = new MLContext(seed: 1);
        var messages = new List<string>();
        context.Log += (_, message) => messages.Add(message.RawMessage);
        var model = Forecasts.Fit(context, options => options.LearningRate = null);
        Assert.IsTrue(messages.Any(message => message.Contains($"Found by a sweep: {model.Training.LearningRateReason}.", StringComparison.Ordinal)), string.Join('\n', messages));

        using var stream = new MemoryStream();
        context.Model.Save(model, null, stream);
        stream.Position = 0;
        var loaded = (LstmForecastingTransformer)context.Model.Load(stream, out _);
        Assert.AreEqual(model.Training.LearningRateReason, loaded.Training.LearningRateReason);
        Assert.AreEqual("auto", loaded.Training.Options["LearningRate"]);
    }

    [TestMethod]
    public void AResumedFitFindsTheSameRate()
    {
        using var folder = new TemporaryFolder();
        var whole = Fit(null);
        Assert.ThrowsExactly<OperationCanceledException>(() => Forecasts.Fit(new MLContext(seed: 1), options =>
        {
            (options.LearningRate, options.CheckpointPath) = (null, folder.File("fit.ckpt"));
            options.Observer = new StepObserver(report =>
            {
                if (report.Step == 7) throw new OperationCanceledException();
            });
        }));
        var resumed = Forecasts.Fit(new MLContext(seed: 1), options => (options.LearningRate, options.CheckpointPath) = (null, folder.File("fit.ckpt")));
        Near.AssertSameBits(whole.Model.Weights.Span, resumed.Model.Weights.Span, "weights");
    }

    [TestMethod]
    public void WhereTheSweepCannotTellTheDefaultIsUsedWithAWarning()
    {
        var context = new MLContext(seed: 1);
        var warnings = new List<string>();
        context.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning) warnings.Add(message.RawMessage);
        };
        var random = new Random(1);
        float[] noise = [.. Enumerable.Range(0, 100).Select(_ => (float)random.NextDouble())];
        var model = Forecasts.Fit(context, options => (options.LearningRate, options.Clipping) = (null, GradientClipping.ByGlobalNorm(1e-30)), noise); // below Adam's epsilon: nothing moves
        Assert.IsNull(model.Training.LearningRateSweep!.Proposal);
        Assert.AreEqual(0.002f, (float)model.Training.ClippingSummary.LearningRate);
        Assert.IsTrue(warnings.Any(warning => warning.StartsWith("The default learning rate 0.002 is used, because no learning rate can be proposed with clipping norm:1e-30 and adam: ", StringComparison.Ordinal)), string.Join('\n', warnings));
    }

    private static LstmForecastingTransformer Fit(float? rate) => Forecasts.Fit(new MLContext(seed: 1), options => options.LearningRate = rate);
}
