using MlnetClip.Search.Pruners;

namespace MlnetClip.Search.Tests.Pruners;

/// <summary>What every pruner owes a study.</summary>
public abstract class PrunerContract
{
    protected const int MaxSteps = 27;

    protected abstract IPruner Pruner { get; }

    [TestMethod]
    public void WithoutOthersNothingIsStopped()
    {
        for (int number = 0; number < 20; number++)
        {
            for (int step = 1; step <= MaxSteps; step++)
                Assert.IsFalse(Pruner.ShouldPrune(new PruneRequest(number, Reports(step, 1e9), MaxSteps, [])));
        }
    }

    [TestMethod]
    public void TheBestIsNeverStopped()
    {
        PastTrial[] others = Others(30, worse: 1);
        for (int number = 30; number < 50; number++)
        {
            for (int step = 1; step <= MaxSteps; step++)
                Assert.IsFalse(Pruner.ShouldPrune(new PruneRequest(number, Reports(step, 0), MaxSteps, others)));
        }
    }

    [TestMethod]
    public void OthersThatReportedNothingOrAtOtherStepsAreNoObstacle()
    {
        PastTrial[] others = [new(0, []), new(1, [new TrialReport(500, 1)]), new(2, [new TrialReport(2, 1)])];

        for (int step = 1; step <= MaxSteps; step++)
            Assert.IsFalse(Pruner.ShouldPrune(new PruneRequest(3, Reports(step, 0.5), MaxSteps, others)));
    }

    [TestMethod]
    public void TheSameRequestGivesTheSameAnswer()
    {
        PastTrial[] others = Others(30, worse: 1);
        for (int number = 30; number < 40; number++)
        {
            for (int step = 1; step <= MaxSteps; step++)
            {
                var request = new PruneRequest(number, Reports(step, 7), MaxSteps, others);
                Assert.AreEqual(Pruner.ShouldPrune(request), Pruner.ShouldPrune(request));
            }
        }
    }

    [TestMethod]
    public void TheTextFormRoundTrips()
    {
        string text = Pruner.ToString()!;

        Assert.AreEqual(Pruner, MlnetClip.Pruner.Parse(text));
        Assert.Contains(text.Split(':')[0], MlnetClip.Pruner.Names);
    }

    /// <summary>Trials whose values are <paramref name="worse"/>, <paramref name="worse"/> + 1 and so on at every step.</summary>
    protected static PastTrial[] Others(int count, double worse) => [.. Enumerable.Range(0, count).Select(i => new PastTrial(i, Reports(MaxSteps, worse + i)))];

    protected static TrialReport[] Reports(int steps, double value) => [.. Enumerable.Range(1, steps).Select(step => new TrialReport(step, value))];

    /// <summary>The steps at which a trial with a constant value would be stopped.</summary>
    protected int[] StopsOf(int number, double value, PastTrial[] others) =>
        [.. Enumerable.Range(1, MaxSteps).Where(step => Pruner.ShouldPrune(new PruneRequest(number, Reports(step, value), MaxSteps, others)))];
}
