using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlnetClip.Optimizers;

namespace MlnetClip.Tests.Forecasting;

/// <summary>What a fit tells while it runs, and how it is stopped.</summary>
[TestClass]
public sealed class TrainingChannelTests
{
    [TestMethod]
    public void ProgressIsInTheContextsLog()
    {
        var messages = Log(_ => { });
        string told = string.Join('\n', messages.Where(message => message.Kind == ChannelMessageKind.Info).Select(message => message.Message));
        Assert.Contains("Learning 'Value' from 78 windows of 12 rows, validating on 10 windows of the last 10 rows", told);
        Assert.Contains("clipping norm:1, seed 1.", told);
        Assert.Contains("Epoch 1 of 3: training loss ", told);
        Assert.Contains("(best so far)", told);
        Assert.Contains("Training done after 3 epochs, 15 steps", told);
    }

    [TestMethod]
    public void GapsAreMentioned()
    {
        float[] wave = Forecasts.Wave(100);
        wave[50] = float.NaN;
        Assert.IsTrue(Log(_ => { }, wave).Any(message => message.Message.Contains("1 of 100 rows have no value", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void SkippedStepsAreWarnings()
    {
        var messages = Log(options => (options.LearningRate, options.Optimizer, options.Clipping, options.NonFinite, options.NumberOfEpochs)
            = (1000, Optimizer.Sgd(), GradientClipping.None, NonFinitePolicy.SkipStep(100_000), 30));
        string warning = messages.First(message => message.Kind == ChannelMessageKind.Warning).Message;
        Assert.Contains("steps had a gradient that is not finite; the policy is skip:100000.", warning);
    }

    [TestMethod]
    public void CallbacksSeeEveryEpochAndStep()
    {
        int epochs = 0;
        long steps = 0;
        var model = Forecasts.Fit(new MLContext(seed: 1), options =>
        {
            options.MetricsCallback = report => Assert.AreEqual(++epochs, report.Epoch);
            options.StepCallback = report => Assert.AreEqual(steps++, report.Step);
        });
        Assert.AreEqual((model.Training.Epochs, model.Training.Steps), (epochs, steps));
    }

    [TestMethod]
    public void ATokenStopsTheFit()
    {
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Forecasts.Fit(new MLContext(seed: 1), options =>
        {
            options.CancellationToken = source.Token;
            options.NumberOfEpochs = 500;
            options.StepCallback = report =>
            {
                if (report.Step == 20) source.Cancel();
            };
        }));
    }

    [TestMethod]
    public void TheContextsOwnCancellationStopsTheFit()
    {
        // AutoML ends its trials by this internal member.
        var cancel = typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)!;
        var context = new MLContext(seed: 1);
        Assert.Throws<OperationCanceledException>(() => Forecasts.Fit(context, options =>
        {
            options.NumberOfEpochs = 500;
            options.StepCallback = report =>
            {
                if (report.Step == 20) cancel.Invoke(context, null);
            };
        }));
    }

    private static List<LoggingEventArgs> Log(Action<LstmForecastingEstimator.Options> change, float[]? values = null)
    {
        var messages = new List<LoggingEventArgs>();
        var context = new MLContext(seed: 1);
        context.Log += (_, message) => messages.Add(message);
        Forecasts.Fit(context, change, values);
        return messages;
    }
}
