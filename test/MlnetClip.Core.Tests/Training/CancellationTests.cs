using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Training;

/// <summary>A cancelled fit keeps what it had reached.</summary>
[TestClass]
public sealed class CancellationTests
{
    [TestMethod]
    public void WithinAnEpochTheBestEpochsWeightsAreKept()
    {
        float[]? afterFirst = null;
        using var fit = new Fit();
        using var cancellation = new CancellationTokenSource();
        var observer = new StepRecorder(
            step =>
            {
                if (step.Step == 7) cancellation.Cancel();
            },
            _ => afterFirst ??= fit.Weights);

        TrainingResult result = fit.Loop.Run(observer, cancellation.Token);

        Assert.AreEqual(StopReason.Cancelled, result.Reason);
        Assert.AreEqual(8, result.Steps);
        Assert.AreEqual(1, result.EpochsRun);
        Assert.AreEqual(1, result.BestEpoch);
        Near.AssertSameBits(afterFirst!, fit.Weights, "weights");
    }

    [TestMethod]
    public void WithoutValidationTheNewestWeightsAreKept()
    {
        float[]? newest = null;
        using var fit = new Fit(validate: false);
        using var cancellation = new CancellationTokenSource();
        var observer = new StepRecorder(step =>
        {
            if (step.Step != 7) return;
            newest = fit.Weights;
            cancellation.Cancel();
        });

        fit.Loop.Run(observer, cancellation.Token);

        Near.AssertSameBits(newest!, fit.Weights, "weights");
    }

    [TestMethod]
    public void BeforeTheFirstStepNothingChanges()
    {
        using var fit = new Fit();
        float[] before = fit.Weights;

        TrainingResult result = fit.Loop.Run(cancellation: new CancellationToken(canceled: true));

        Assert.AreEqual(StopReason.Cancelled, result.Reason);
        Assert.AreEqual(0, result.Steps);
        Assert.AreEqual(0, result.BestEpoch);
        Assert.IsTrue(double.IsNaN(result.FinalTrainLoss));
        Near.AssertSameBits(before, fit.Weights, "weights");
    }

    [TestMethod]
    public void InTheLastStepOfAllTheFitIsComplete()
    {
        using var fit = new Fit();
        using var cancellation = new CancellationTokenSource();
        var observer = new StepRecorder(step =>
        {
            if (step.Step == 14) cancellation.Cancel();
        });

        TrainingResult result = fit.Loop.Run(observer, cancellation.Token);

        Assert.AreEqual(StopReason.Completed, result.Reason);
        Assert.AreEqual(3, result.EpochsRun);
    }

    [TestMethod]
    public void TheSameLoopGoesOnWhereItWas()
    {
        using var fit = new Fit();
        using var cancellation = new CancellationTokenSource();
        fit.Loop.Run(new StepRecorder(step =>
        {
            if (step.Step == 7) cancellation.Cancel();
        }), cancellation.Token);

        TrainingResult result = fit.Loop.Run();

        Assert.AreEqual(15, result.Steps);
        Near.AssertSameBits(Fit.Run(), fit.Weights, "weights");
    }
}
