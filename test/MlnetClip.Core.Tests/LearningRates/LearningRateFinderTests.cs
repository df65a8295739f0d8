using MlnetClip.Core.Tests.Training;
using MlnetClip.Data;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.LearningRates;

/// <summary>The sweep over learning rates: what it records, what it proposes, and that it leaves everything as it was.</summary>
[TestClass]
public sealed class LearningRateFinderTests
{
    private static readonly IndexedBatchStream Train = new(Fit.TrainingSource);

    [TestMethod]
    public void ProposesATenthOfTheRateOfTheLowestLoss()
    {
        using var fit = new Fit();
        LearningRateSweep sweep = LearningRateFinder.Run(fit.Backend, Fit.Options, Train);

        Assert.IsLessThanOrEqualTo(100, sweep.Points.Count);
        LearningRatePoint lowest = sweep.Points.Skip(sweep.Points.Count / 5).MinBy(point => point.SmoothedLoss);
        Assert.AreEqual((float)(lowest.LearningRate / 10), sweep.Proposal);
        Assert.Contains("a tenth of ", sweep.Reason);
        Assert.StartsWith($"learning rate {sweep.Proposal!.Value.ToString("G3", System.Globalization.CultureInfo.InvariantCulture)} with clipping norm:0.3 and adam: a tenth of ", sweep.ToString());
        Assert.AreEqual(1e-5, sweep.Points[0].LearningRate, 1e-9);
        for (int i = 1; i < sweep.Points.Count; i++)
            Near.AssertRelative(Math.Pow(1e5, 1.0 / 99), sweep.Points[i].LearningRate / sweep.Points[i - 1].LearningRate, 1e-4, $"factor at {i}");
        Assert.IsTrue(sweep.Points.Any(point => point.IsClipped) && sweep.Points.All(point => point.Norm > 0));
    }

    [TestMethod]
    public void SmoothsTheLosses()
    {
        using var fit = new Fit();
        double sum = 0, weight = 0;
        foreach (LearningRatePoint point in LearningRateFinder.Run(fit.Backend, Fit.Options, Train, steps: 40).Points)
        {
            (sum, weight) = ((0.9 * sum) + (0.1 * point.Loss), (0.9 * weight) + 0.1);
            Near.AssertRelative(sum / weight, point.SmoothedLoss, 1e-12, "smoothed loss");
        }
    }

    [TestMethod]
    [DataRow(1e-5, 1.0)]
    [DataRow(1.0, 1000.0)] // diverges
    public void LeavesTheFitAsItWas(double minimum, double maximum)
    {
        using var fit = new Fit();
        float[] before = fit.Weights;
        fit.Backend.BackpropClipping = new BackpropLimits(Value: 3);
        TrainingOptions options = Fit.Options with { Clipping = GradientClipping.Parse("inside:0.1+truncate:4"), Optimizer = Optimizer.Sgd() };
        LearningRateFinder.Run(fit.Backend, options, Train, minimum, maximum);

        Near.AssertSameBits(before, fit.Weights, "weights");
        Assert.AreEqual(new BackpropLimits(Value: 3), fit.Backend.BackpropClipping);
        Assert.AreEqual(default, fit.Backend.Cancellation);
        fit.Backend.BackpropClipping = default;
        fit.Loop.Run();
        Near.AssertSameBits(Fit.Run(), fit.Weights, "weights after the fit");
    }

    [TestMethod]
    public void IsTheSameAgainAndOnOtherThreads()
    {
        using var fit = new Fit();
        using var other = new Fit(threads: 2);
        LearningRateSweep first = LearningRateFinder.Run(fit.Backend, Fit.Options, Train);
        CollectionAssert.AreEqual(first.Points.ToArray(), LearningRateFinder.Run(fit.Backend, Fit.Options, Train).Points.ToArray());
        CollectionAssert.AreEqual(first.Points.ToArray(), LearningRateFinder.Run(other.Backend, Fit.Options, Train).Points.ToArray());
    }

    [TestMethod]
    public void CannotTellWhereNothingIsLearned()
    {
        using var fit = new Fit();
        LearningRateSweep sweep = LearningRateFinder.Run(fit.Backend, Fit.Options, Train, 1e-12, 1e-10);
        Assert.IsNull(sweep.Proposal);
        Assert.StartsWith("the loss did not fall by more than its noise at any rate from 1E-12 to 1E-10: ", sweep.Reason);
        Assert.StartsWith("no learning rate can be proposed with clipping norm:0.3 and adam: ", sweep.ToString());
    }

    [TestMethod]
    public void CannotTellWhereEverythingDiverges()
    {
        using var fit = new Fit();
        LearningRateSweep sweep = LearningRateFinder.Run(
            fit.Backend, Fit.Options with { Optimizer = Optimizer.Sgd(), Clipping = GradientClipping.None }, Train, 500, 1000);
        Assert.IsNull(sweep.Proposal);
        Assert.Contains("sweep from a smaller learning rate", sweep.Reason);
    }

    [TestMethod]
    public void IgnoresWhatBelongsToTheFit()
    {
        using var folder = new TemporaryFolder();
        using var fit = new Fit();
        LearningRateSweep plain = LearningRateFinder.Run(fit.Backend, Fit.Options, Train);
        TrainingOptions options = Fit.Options with
        {
            Schedule = Schedule.ReduceOnPlateau(), Epochs = 1, LearningRate = 7, EarlyStopping = new EarlyStopping(1), CheckpointPath = folder.File("fit.ckpt"), NonFinite = NonFinitePolicy.SkipStep(),
        };
        CollectionAssert.AreEqual(plain.Points.ToArray(), LearningRateFinder.Run(fit.Backend, options, Train).Points.ToArray());
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void CanBeCancelled()
    {
        using var fit = new Fit();
        float[] before = fit.Weights;
        Assert.Throws<OperationCanceledException>(() => LearningRateFinder.Run(fit.Backend, Fit.Options, Train, cancellation: new CancellationToken(canceled: true)));
        Near.AssertSameBits(before, fit.Weights, "weights");
    }

    [TestMethod]
    public void RefusesIllegalArguments()
    {
        using var fit = new Fit();
        var error = Assert.ThrowsExactly<ArgumentException>(() => LearningRateFinder.Run(fit.Backend, Fit.Options, Train, 0, 1001, 19));
        foreach (string option in new[] { "minimum must be above 0", "maximum must be above 0 and at most 1000", "steps must be a whole number from 20 to 100000" })
            Assert.Contains($"LearningRateFinder.{option}", error.Message);
        Assert.Contains("minimum must be below maximum", Assert.ThrowsExactly<ArgumentException>(() => LearningRateFinder.Run(fit.Backend, Fit.Options, Train, 1, 1)).Message);
    }
}
