using MlnetClip.Search.Pruners;

namespace MlnetClip.Search.Tests.Pruners;

[TestClass]
public sealed class HyperbandPrunerTests : PrunerContract
{
    protected override IPruner Pruner => new HyperbandPruner(minResource: 1, reductionFactor: 3);

    [TestMethod]
    public void BracketsBeginLaterAndLater()
    {
        // 1, 3, 9 and, without any halving, 27: four brackets; turns 0 1 2 3, 0 1 2, 0 1, 0.
        Assert.AreEqual(4, new HyperbandPruner(1, 3).CountBrackets(MaxSteps));
        int[] expected = [0, 1, 2, 3, 0, 1, 2, 0, 1, 0, 0, 1, 2, 3];
        CollectionAssert.AreEqual(expected, Enumerable.Range(0, 14).Select(number => HyperbandPruner.Bracket(number, 4)).ToArray());

        PastTrial[] others = Others(40, 1);
        CollectionAssert.AreEqual(new[] { 1, 3, 9 }, StopsOf(40, 1e9, others));
        CollectionAssert.AreEqual(new[] { 3, 9 }, StopsOf(41, 1e9, others));
        CollectionAssert.AreEqual(new[] { 9 }, StopsOf(42, 1e9, others));
        Assert.IsEmpty(StopsOf(43, 1e9, others));
    }

    [TestMethod]
    public void OnlyTheOwnBracketIsCompared()
    {
        // Trial 10 is in bracket 0 with 0, 4, 7 and 9; the others do not count.
        PastTrial[] ownBetter = [.. Others(10, 1).Where(other => HyperbandPruner.Bracket(other.Number, 4) == 0)];
        PastTrial[] othersBetter = [.. Others(10, 1).Where(other => HyperbandPruner.Bracket(other.Number, 4) != 0)];

        Assert.IsNotEmpty(StopsOf(10, 100, ownBetter));
        Assert.IsEmpty(StopsOf(10, 100, othersBetter));
    }

    [TestMethod]
    public void FindsTheBestOfManyAtAFractionOfTheSteps() => Racing.Check(new HyperbandPruner(1, 3), found: 90, steps: 0.6);
}
