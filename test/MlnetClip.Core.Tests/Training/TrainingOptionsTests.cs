using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Core.Tests.Training;

/// <summary>Illegal options, made from the ranges.</summary>
[TestClass]
public sealed class TrainingOptionsTests
{
    public static IEnumerable<object[]> IllegalLearningRates =>
        IllegalValues.Of(TrainingOptions.Ranges.Single(r => r.Option == nameof(TrainingOptions.LearningRate))).Select(v => new object[] { v });

    [TestMethod]
    public void TheDefaultsAreLegal() => new TrainingOptions().Validate();

    [TestMethod]
    [DynamicData(nameof(IllegalLearningRates))]
    public void RefusesAnIllegalLearningRate(float value)
    {
        var error = Assert.Throws<ArgumentException>(() => new TrainingOptions { LearningRate = value }.Validate());

        Assert.StartsWith("TrainingOptions.LearningRate must be above 0 and at most 1000, but was ", error.Message);
    }

    [TestMethod]
    public void ReportsAllErrorsAtOnce()
    {
        var options = new TrainingOptions
        {
            Epochs = -1, BatchSize = -3, LearningRate = 0, KeptCheckpoints = 0, CheckpointInterval = null!, AccumulatedBatches = 0, GradientNoise = -1,
            Schedule = null!, Optimizer = null!, Clipping = null!, NonFinite = null!,
        };

        var error = Assert.Throws<ArgumentException>(options.Validate);

        foreach (string name in new[] { "Epochs", "BatchSize", "LearningRate", "KeptCheckpoints", "CheckpointInterval", "AccumulatedBatches", "GradientNoise", "Schedule", "Optimizer", "Clipping", "NonFinite" })
            StringAssert.Contains(error.Message, $"TrainingOptions.{name} must be ");
    }

    [TestMethod]
    public void TheLoopValidatesItsOptions()
    {
        using var backend = new ScriptedBackend(_ => [1, 1, 1, 1]);

        Assert.Throws<ArgumentException>(() => new TrainingLoop(backend, new TrainingOptions { Epochs = -1 }, new ArraySource(1, 1, 1, [0f], [0f])));
    }

    [TestMethod]
    public void WithoutAnEpochTheWeightsStayAndNothingIsSaidAboutClipping()
    {
        using var fit = new Fit(Fit.Options with { Epochs = 0, WeightAveraging = WeightAveraging.Parse("ema:0.9"), Clipping = GradientClipping.Parse("norm:1+inside:1") });
        float[] before = fit.Weights;

        TrainingResult result = fit.Loop.Run();

        Assert.AreSequenceEqual(before, fit.Weights);
        Assert.AreEqual((StopReason.Completed, 0L, 0, null), (result.Reason, result.Steps, result.BestEpoch, result.BestValidationLoss));
        Assert.AreEqual("No training step was made: nothing can be said about clipping.", string.Join(' ', result.Clipping.Verdicts));
        Assert.AreEqual("done: no training step was made", $"{result}");
        Assert.EndsWith("no training step was made", $"{result.Clipping}");
    }

    [TestMethod]
    [DataRow(3, 1, 1)]
    [DataRow(2, 2, 1)]
    [DataRow(2, 1, 2)]
    public void TheLoopRefusesValidationSequencesOfAnotherShape(int timeSteps, int features, int outputs)
    {
        using var backend = new ScriptedBackend(_ => [1, 1, 1, 1], 1);
        ArraySource train = ArraySource.Learnable(4, 2, 1, 1, seed: 1), other = ArraySource.Learnable(4, timeSteps, features, outputs, seed: 1);

        var error = Assert.Throws<ArgumentException>(() => new TrainingLoop(backend, new TrainingOptions(), train, other));

        Assert.StartsWith("Validation sequences must have the shape of the training sequences, 2 time steps, 1 feature, 0 ids and 1 target for every sequence, but have ", error.Message);
    }

    [TestMethod]
    public void AScheduleByTheValidationLossNeedsValidation()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new Fit(Fit.Options with { Schedule = Schedule.ReduceOnPlateau() }, validate: false));
        Assert.StartsWith("TrainingOptions.Schedule 'plateau' needs validation sequences, but there are none.", error.Message);
    }

    [TestMethod]
    public void ALearningRateTakesFactorsOnly()
    {
        Assert.Contains("TrainingOptions.Schedule cannot be measured",
            Assert.ThrowsExactly<ArgumentException>(() => new TrainingOptions { Schedule = Schedule.FromCalibration(2, 5) }.Validate()).Message);
        Assert.Contains("TrainingOptions.Schedule must stay at finite factors of 0 or more, but was '1..-1/5steps'",
            Assert.ThrowsExactly<ArgumentException>(() => new TrainingOptions { Schedule = Schedule.Linear(1, -1, steps: 5) }.Validate()).Message);
        new TrainingOptions { Schedule = Schedule.Linear(1, 0, epochs: 5) }.Validate();
    }
}
