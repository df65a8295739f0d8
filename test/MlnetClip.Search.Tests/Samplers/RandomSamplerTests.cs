using MlnetClip.Search.Samplers;

namespace MlnetClip.Search.Tests.Samplers;

[TestClass]
public sealed class RandomSamplerTests : SamplerContract
{
    protected override ISampler Sampler => new RandomSampler();

    [TestMethod]
    public void PointsAreEvenOverTheLogarithm()
    {
        int[] counts = new int[4];
        for (int i = 0; i < 4000; i++)
        {
            double decade = Math.Log10(Sampler.Sample(new SampleRequest(Line, 1, i))!.Number("threshold"));
            counts[Math.Clamp((int)Math.Floor(decade) + 2, 0, 3)]++;
        }

        // 1000 expected in each; five standard deviations are 137.
        foreach (int count in counts) Assert.AreEqual(1000, count, 137);
    }
}
