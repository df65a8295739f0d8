using MlnetClip.Search.Pruners;
using MlnetClip.TestKit;

namespace MlnetClip.Search.Tests.Pruners;

[TestClass]
public sealed class MedianPrunerTests : PrunerContract
{
    protected override IPruner Pruner => new MedianPruner(startupTrials: 3, warmupSteps: 2);

    [TestMethod]
    public void WorseThanTheMedianIsStoppedAfterTheWarmUp()
    {
        // Values 1, 2, 3, 4: the median is 2.5.
        CollectionAssert.AreEqual(Enumerable.Range(3, MaxSteps - 2).ToArray(), StopsOf(4, 2.6, Others(4, 1)));
        Assert.IsEmpty(StopsOf(4, 2.5, Others(4, 1)));
    }

    [TestMethod]
    public void FewerThanTheStartupTrialsDecideNothing()
    {
        Assert.IsEmpty(StopsOf(2, 1e9, Others(2, 1)));
        Assert.IsNotEmpty(StopsOf(3, 1e9, Others(3, 1)));
    }

    [TestMethod]
    public void TheBestValueSoFarCounts()
    {
        TrialReport[] recovered = [new(1, 9), new(2, 0.5), new(3, 9)];
        TrialReport[] never = [new(1, 9), new(2, 9), new(3, 9)];

        Assert.IsFalse(Pruner.ShouldPrune(new PruneRequest(4, recovered, MaxSteps, Others(4, 1))));
        Assert.IsTrue(Pruner.ShouldPrune(new PruneRequest(4, never, MaxSteps, Others(4, 1))));
    }

    [TestMethod]
    public void OnlyTheSameStepIsCompared()
    {
        PastTrial[] others = [.. Enumerable.Range(0, 4).Select(i => new PastTrial(i, [new TrialReport(5, 1)]))];

        CollectionAssert.AreEqual(new[] { 5 }, StopsOf(4, 2, others));
    }

    [TestMethod]
    public void IllegalOptionsAreNamed()
    {
        string all = Assert.ThrowsExactly<ArgumentException>(() => new MedianPruner(0, -1)).Message;
        foreach (var range in MedianPruner.Ranges) StringAssert.Contains(all, $"MedianPruner.{range.Option} must be");
        foreach (var range in MedianPruner.Ranges) Assert.IsTrue(IllegalValues.Of(range).All(value => !range.Contains(value)));
    }
}
