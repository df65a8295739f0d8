using MlnetClip.Search.Samplers;
using MlnetClip.Search.Spaces;
using MlnetClip.Search.Tests.Spaces;

namespace MlnetClip.Search.Tests.Samplers;

/// <summary>What every sampler owes a study.</summary>
public abstract class SamplerContract
{
    protected static SearchSpace Line { get; } = SearchSpace.Logarithmic("threshold", 0.01, 100);

    private static SearchSpace Tree { get; } = SearchSpace.Parse(SearchSpaceTests.Tree);

    protected abstract ISampler Sampler { get; }

    public static IEnumerable<object[]> Histories =>
    [
        ["nothing yet", Array.Empty<Trial>()],
        ["all complete", Make((i, point) => Past.Complete(i, point, i))],
        ["all equal", Make((i, point) => Past.Complete(i, point, 1))],
        ["all failed", Make((i, point) => Past.Failed(i, point))],
        ["first failed", Make((i, point) => i < 15 ? Past.Failed(i, point) : Past.Complete(i, point, i))],
        ["all cancelled", Make(Past.Cancelled)],
        ["all pruned", Make((i, point) => Past.Pruned(i, point, 5, i))],
        ["one complete", Make((i, point) => i == 7 ? Past.Complete(i, point, 1) : Past.Failed(i, point, FailureKind.Timeout))],
        ["huge values", Make((i, point) => Past.Complete(i, point, i % 2 == 0 ? double.MaxValue : -double.MaxValue))],
        ["one place", Make((i, _) => Past.Complete(i, Line.FromUnits(_ => 0.3), i))],
    ];

    [TestMethod]
    [DynamicData(nameof(Histories))]
    public void EveryHistoryGivesALegalPoint(string name, Trial[] history)
    {
        for (int i = 0; i < 20; i++)
        {
            SearchPoint? point = Sampler.Sample(new SampleRequest(Line, 1, i) { History = history });
            Assert.IsNotNull(point, name);
            Assert.AreEqual(point, Line.Read(point.ToString()));
        }
    }

    [TestMethod]
    public void PointsOfATreeAreLegal()
    {
        List<Trial> history = [];
        for (int i = 0; i < 60; i++)
        {
            SearchPoint point = Sampler.Sample(new SampleRequest(Tree, 3, i) { History = history })!;
            Assert.AreEqual(point, Tree.Read(point.ToString()));
            history.Add(i % 7 == 0 ? Past.Failed(i, point) : Past.Complete(i, point, i % 5));
        }
    }

    [TestMethod]
    public void TheSameRequestGivesTheSamePointWhateverWasAskedBefore()
    {
        Trial[] history = Make((i, point) => Past.Complete(i, point, i % 3));
        ISampler one = Sampler, other = Sampler;
        for (int i = 0; i < 10; i++) one.Sample(new SampleRequest(Tree, 9, i));

        for (int i = 0; i < 20; i++)
        {
            var request = new SampleRequest(Line, 5, i) { History = history };
            Assert.AreEqual(other.Sample(request), one.Sample(request));
        }
    }

    [TestMethod]
    public void SeedsLookInDifferentPlaces()
    {
        SearchPoint?[] one = [.. Enumerable.Range(0, 8).Select(i => Sampler.Sample(new SampleRequest(Line, 1, i)))];
        SearchPoint?[] other = [.. Enumerable.Range(0, 8).Select(i => Sampler.Sample(new SampleRequest(Line, 2, i)))];

        CollectionAssert.AreNotEqual(one, other);
    }

    [TestMethod]
    public void AGenerationDoesNotAskForOnePlaceTwice()
    {
        Trial[] history = Make((i, point) => Past.Complete(i, point, Math.Abs(Math.Log10(point.Number("threshold")))));
        List<SearchPoint> pending = [];
        for (int i = 20; i < 24; i++) pending.Add(Sampler.Sample(new SampleRequest(Line, 1, i) { History = history, Pending = pending })!);

        Assert.HasCount(4, pending.Distinct());
    }

    [TestMethod]
    public void TheTextFormRoundTrips()
    {
        string text = Sampler.ToString()!;

        Assert.AreEqual(Sampler, MlnetClip.Sampler.Parse(text));
        Assert.Contains(text.Split(':')[0], MlnetClip.Sampler.Names);
    }

    private static Trial[] Make(Func<int, SearchPoint, Trial> trial) =>
        [.. Enumerable.Range(0, 20).Select(i => trial(i, Line.FromUnits(_ => i / 20.0)))];
}
