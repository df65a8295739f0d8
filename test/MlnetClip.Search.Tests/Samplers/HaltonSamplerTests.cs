using MlnetClip.Search.Samplers;
using MlnetClip.Search.Spaces;

namespace MlnetClip.Search.Tests.Samplers;

[TestClass]
public sealed class HaltonSamplerTests : SamplerContract
{
    protected override ISampler Sampler => new HaltonSampler();

    [TestMethod]
    [DataRow(0, 2, 0.0)]
    [DataRow(1, 2, 0.5)]
    [DataRow(6, 2, 0.375)]
    [DataRow(5, 3, 2 / 3.0 + 1 / 9.0)]
    public void DigitsAreMirrored(int number, int radix, double expected) =>
        Assert.AreEqual(expected, HaltonSampler.RadicalInverse(number, radix), 1e-15);

    [TestMethod]
    public void AnyStretchFillsTheLineEvenly()
    {
        // Of n points in base 2, every interval of length 1/16 holds n/16, give or take 2: random points would miss by far more.
        const int Points = 160, Bins = 16;
        for (ulong seed = 0; seed < 20; seed++)
        {
            int[] counts = new int[Bins];
            for (int i = 0; i < Points; i++)
            {
                double threshold = Sampler.Sample(new SampleRequest(Line, seed, i))!.Number("threshold");
                counts[Math.Clamp((int)(new RealParameter("threshold", 0.01, 100).ToUnit(threshold) * Bins), 0, Bins - 1)]++;
            }

            foreach (int count in counts) Assert.AreEqual(Points / Bins, count, 2);
        }
    }

    [TestMethod]
    public void MoreParametersThanItHasPrimesAreRefused()
    {
        var space = new SearchSpace([.. Enumerable.Range(0, 17).Select(i => new RealParameter($"p{i}", 1, 2))]);

        Assert.ThrowsExactly<NotSupportedException>(() => Sampler.Sample(new SampleRequest(space, 1, 0)));
    }
}
