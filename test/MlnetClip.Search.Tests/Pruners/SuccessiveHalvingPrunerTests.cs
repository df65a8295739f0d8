using MlnetClip.Search.Pruners;

namespace MlnetClip.Search.Tests.Pruners;

[TestClass]
public sealed class SuccessiveHalvingPrunerTests : PrunerContract
{
    protected override IPruner Pruner => new SuccessiveHalvingPruner(minResource: 2, reductionFactor: 3);

    [TestMethod]
    public void AllOptionsStandInTheText()
    {
        var pruner = new SuccessiveHalvingPruner(2, 4, 0.15f, 1);

        Assert.AreEqual("halving:min_resource=2,reduction_factor=4,min_share=0.15,rungs=1", pruner.ToString());
        Assert.AreEqual(pruner, MlnetClip.Pruner.Parse($"{pruner}"));
        Assert.AreEqual("halving", new SuccessiveHalvingPruner().ToString());
    }

    [TestMethod]
    public void DecisionsFallOnTheRungsBelowTheEnd() => CollectionAssert.AreEqual(new[] { 2, 6, 18 }, StopsOf(30, 1e9, Others(30, 1)));

    [TestMethod]
    [DataRow(30, 0.15f, 1, new[] { 5 })]
    [DataRow(8, 0.15f, 1, new[] { 2 })]
    [DataRow(30, 0.15f, 2, new[] { 5, 15 })]
    [DataRow(30, 0.15f, 9, new[] { 5, 15 })]
    [DataRow(30, 0f, 2, new[] { 1, 3 })]
    public void TheFirstDecisionMayWaitForAShareOfTheFitAndBeTheOnlyOne(int maxSteps, float minShare, int rungs, int[] stops) =>
        CollectionAssert.AreEqual(stops, StopsOf(maxSteps, new SuccessiveHalvingPruner(1, 3, minShare, rungs)));

    [TestMethod]
    public void TheLaterOfTheTwoStartsCounts() => CollectionAssert.AreEqual(new[] { 9, 27 }, StopsOf(30, new SuccessiveHalvingPruner(9, 3, 0.15f)));

    [TestMethod]
    [DataRow(8, 3.5, false, "4th of 9 with itself, 3 go on")]
    [DataRow(8, 2.5, true, "3rd of 9 with itself, 3 go on")]
    [DataRow(2, 1.5, false, "2nd of 3, the best goes on")]
    [DataRow(2, 0.5, true, "the best of 3")]
    [DataRow(1, 1.5, false, "2nd of 2: fewer than eta, the best goes on")]
    [DataRow(1, 1.0, true, "a tie is not behind")]
    public void OneInEtaGoesOn(int others, double value, bool goesOn, string why) =>
        Assert.AreEqual(goesOn, StopsOf(others, value, Others(others, 1)).Length == 0, why);

    [TestMethod]
    public void FindsTheBestOfManyAtAFractionOfTheSteps() => Racing.Check(new SuccessiveHalvingPruner(1, 3), found: 90, steps: 0.35);

    [TestMethod]
    public void IllegalOptionsAreNamed()
    {
        string all = Assert.ThrowsExactly<ArgumentException>(() => new SuccessiveHalvingPruner(0, 1, 1, 0)).Message;
        foreach (var range in SuccessiveHalvingPruner.Ranges) StringAssert.Contains(all, $"SuccessiveHalvingPruner.{range.Option} must be");
    }

    /// <summary>The steps at which a trial worse than all others would be stopped.</summary>
    private static int[] StopsOf(int maxSteps, SuccessiveHalvingPruner pruner) =>
        [.. Enumerable.Range(1, maxSteps).Where(step => pruner.ShouldPrune(new PruneRequest(30, Reports(step, 1e9), maxSteps, Others(30, 1))))];
}
