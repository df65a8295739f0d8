using MlnetClip.Data;

namespace MlnetClip.Search.Tests.Conclusions;

[TestClass]
public sealed class SeedNoiseTests
{
    [TestMethod]
    public void WhatSettingsAndSeedsDoToAllIsNoNoise()
    {
        // Loss = setting + seed, exactly.
        SeedNoise noise = SeedNoise.Of([Curves.At(0.1, 1, 1.5, 2), Curves.At(1, 1.2, 1.7, 2.2), Curves.At(3, 3, 3.5, 4)])!;

        Assert.AreEqual(0, noise.OfOneFit, 1e-12);
        Assert.AreEqual(3, noise.Seeds);
    }

    [TestMethod]
    public void WorkedByHand()
    {
        // Means of settings 1 and 1, of seeds 1 and 1: the residuals are +-0.1, with one degree of freedom.
        SeedNoise noise = SeedNoise.Of([Curves.At(0.1, 0.9, 1.1), Curves.At(1, 1.1, 0.9)])!;

        Assert.AreEqual(0.2, noise.OfOneFit, 1e-12);
        Assert.AreEqual(6.31 * 0.2, noise.Resolution, 1e-12, "with one degree of freedom the noise itself is uncertain");
    }

    [TestMethod]
    [DataRow(2, 2, 6.31)]
    [DataRow(2, 3, 2.92)]
    [DataRow(2, 5, 2.13)]
    [DataRow(3, 5, 2)]
    [DataRow(5, 2, 2.13)]
    [DataRow(9, 3, 2)]
    public void FewFitsTellLess(int settings, int seeds, double errors) =>
        Assert.AreEqual(errors * 0.1 * Math.Sqrt(2.0 / seeds), new SeedNoise(0.1, seeds, settings).Resolution, 1e-12);

    [TestMethod]
    public void ItFindsTheSpreadThatFitsWereDrawnWith()
    {
        var random = new SeededRandom(1);
        double[] Losses(double mean) => [.. Enumerable.Range(0, 50).Select(seed => mean + (0.3 * seed) + (0.05 * Gauss()))];
        SeedNoise noise = SeedNoise.Of([.. new double[] { 10, 20, 30, 40 }.Select(mean => Curves.At(mean, Losses(mean)))])!;

        Assert.AreEqual(0.05, noise.OfOneFit * (25 + (0.3 * 24.5)), 0.005);

        double Gauss() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    [TestMethod]
    public void OnlyPointsWithEverySeedCount() => Assert.AreEqual(
        SeedNoise.Of([Curves.At(0.1, 0.9, 1.1), Curves.At(1, 1.1, 0.9)]),
        SeedNoise.Of([Curves.At(0.1, 0.9, 1.1), Curves.At(0.5, 70), Curves.At(1, 1.1, 0.9), Curves.At(3, 1, double.NaN)]));

    [TestMethod]
    public void NoClippingCountsOnlyWhereThereIsLittleElse()
    {
        CurvePoint one = Curves.At(0.1, 0.9, 1.1), other = Curves.At(1, 1.1, 0.9), none = Curves.At(null, 1, 9);

        Assert.AreEqual(SeedNoise.Of([one, other]), SeedNoise.Of([one, other, none]));
        Assert.IsGreaterThan(0.5, SeedNoise.Of([one, none])!.OfOneFit);
    }

    [TestMethod]
    public void WithoutTwoSettingsAndSeedsThereIsNone()
    {
        Assert.IsNull(SeedNoise.Of([]));
        Assert.IsNull(SeedNoise.Of([Curves.At(0.1, 1, 2)]));
        Assert.IsNull(SeedNoise.Of([Curves.At(0.1, 1), Curves.At(1, 2)]));
    }
}
