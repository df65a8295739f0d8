using MlnetClip.Search.Samplers;
using MlnetClip.Search.Spaces;
using MlnetClip.TestKit;

namespace MlnetClip.Search.Tests.Samplers;

[TestClass]
public sealed class GridSamplerTests : SamplerContract
{
    protected override ISampler Sampler => new GridSampler(24);

    [TestMethod]
    public void EveryPointComesOnceAndThenNone()
    {
        var sampler = new GridSampler(5);
        SearchPoint[] asked = [.. Enumerable.Range(0, 5).Select(i => sampler.Sample(new SampleRequest(Line, 7, i))!)];

        string[] expected = ["0.01", "0.1", "1", "10", "100"];
        CollectionAssert.AreEquivalent(expected, asked.Select(point => point.Values[0].Text).ToArray());
        Assert.IsNull(sampler.Sample(new SampleRequest(Line, 7, 5)));
    }

    [TestMethod]
    public void ATreeIsWalkedWithoutRepeats()
    {
        SearchSpace space = SearchSpace.Parse("rule=norm|agc; norm=log:0.1..10 when rule=norm; batch=16|32");

        string[] points = [.. new GridSampler(3).Points(space).Select(point => point.ToString())];

        string[] expected =
        [
            "rule=norm; norm=0.1; batch=16", "rule=norm; norm=0.1; batch=32",
            "rule=norm; norm=1; batch=16", "rule=norm; norm=1; batch=32",
            "rule=norm; norm=10; batch=16", "rule=norm; norm=10; batch=32",
            "rule=agc; batch=16", "rule=agc; batch=32",
        ];
        CollectionAssert.AreEqual(expected, points);
    }

    [TestMethod]
    public void StepsOutsideTheirRangeAreRefused()
    {
        foreach (float illegal in IllegalValues.Of(GridSampler.StepsRange).Where(value => float.IsFinite(value) && value == (int)value))
            Assert.ThrowsExactly<ArgumentException>(() => new GridSampler((int)illegal));
    }
}
