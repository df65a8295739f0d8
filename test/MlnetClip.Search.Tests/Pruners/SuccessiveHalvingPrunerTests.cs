using MlnetClip.Search.Pruners;

namespace MlnetClip.Search.Tests.Pruners;

[TestClass]
public sealed class SuccessiveHalvingPrunerTests : PrunerContract
{
    protected override IPruner Pruner => new SuccessiveHalvingPruner(minResource: 2, reductionFactor: 3);

    [TestMethod]
    public void DecisionsFallOnTheRungsBelowTheEnd() => CollectionAssert.AreEqual(new[] { 2, 6, 18 }, StopsOf(30, 1e9, Others(30, 1)));

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
        string all = Assert.ThrowsExactly<ArgumentException>(() => new SuccessiveHalvingPruner(0, 1)).Message;
        foreach (var range in SuccessiveHalvingPruner.Ranges) StringAssert.Contains(all, $"SuccessiveHalvingPruner.{range.Option} must be");
    }
}
