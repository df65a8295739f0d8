using MlnetClip.Clipping;
using MlnetClip.Data;
using MlnetClip.Parameters;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Clipping;

/// <summary>Figures over a fit.</summary>
[TestClass]
public sealed class ClippingStatisticsTests
{
    [TestMethod]
    public void CountsClippedSkippedAndFiniteSteps()
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(GradientClipping.ByGlobalNorm(2), NonFinitePolicy.SkipStep(), parameters);
        double[] norms = [1, 4, double.NaN, 3, 1, double.NaN, 8];
        for (int step = 0; step < norms.Length; step++)
        {
            Gradients.Fill(parameters, (ulong)step, double.IsNaN(norms[step]) ? 1 : norms[step]);
            if (double.IsNaN(norms[step])) parameters.Gradients[3] = float.NaN;
            chain.Apply(new ClippingStep(step));
        }

        ClippingStatistics statistics = chain.Statistics;
        Assert.AreEqual((7L, 5L, 2L, 2L, 3L), (statistics.Steps, statistics.FiniteSteps, statistics.NonFiniteSteps, statistics.SkippedSteps, statistics.ClippedSteps));
        Assert.AreEqual(0.6, statistics.ShareClipped, 1e-12);
        Assert.AreEqual(3, statistics.NormMedian, 1e-6);
        Assert.AreEqual(8, statistics.NormMax, 1e-6);
        Assert.AreEqual(17.0 / 5, statistics.NormMean, 1e-6);
        Assert.AreEqual((1 + 0.5 + (2.0 / 3) + 1 + 0.25) / 5, statistics.MeanReduction, 1e-6);
        Assert.AreEqual(0, statistics.ShareOfElementsClamped);
    }

    [TestMethod]
    public void ValueClippingGivesTheShareOfElements()
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(GradientClipping.ByValue(0.1), NonFinitePolicy.Throw, parameters);
        Gradients.Fill(parameters, 1, 10);
        ClipReport one = chain.Apply(new ClippingStep(0));
        parameters.Gradients.Clear();
        chain.Apply(new ClippingStep(1));
        Assert.AreEqual((double)one.ElementsClamped / (2 * parameters.Length), chain.Statistics.ShareOfElementsClamped, 1e-15);
        Assert.AreEqual(((one.NormAfter / one.NormBefore) + 1) / 2, chain.Statistics.MeanReduction, 1e-12);
    }

    [TestMethod]
    [DataRow("value:0.5+value:0.05", "value:0.05")] // what the second rule clamps again counts once
    [DataRow("value:0.05+value:0.5", "value:0.05")]
    [DataRow("value:0.05@head+value:0.05@layer0+value:0.05@layer1", "value:0.05")] // different tensors: all of them count
    public void AnElementThatTwoRulesClampCountsOnce(string twice, string once)
    {
        ClipReport expected = Apply(once, out _), actual = Apply(twice, out ClippingStatistics statistics);
        Assert.AreEqual(expected.ElementsClamped, actual.ElementsClamped);
        Assert.AreEqual(expected.ShareClamped, statistics.ShareOfElementsClamped, 1e-15);

        static ClipReport Apply(string clipping, out ClippingStatistics statistics)
        {
            ParameterSet parameters = Gradients.Lstm();
            Gradients.Fill(parameters, 1, 10);
            var chain = new Clipper(GradientClipping.Parse(clipping), NonFinitePolicy.Throw, parameters);
            ClipReport report = chain.Apply(new ClippingStep(0));
            statistics = chain.Statistics;
            return report;
        }
    }

    [TestMethod]
    public void FiguresOfRulesThatClampNearlyEverythingTwiceAreReadBack()
    {
        ParameterSet parameters = Gradients.Lstm();
        Gradients.Fill(parameters, 1, 100);
        var chain = new Clipper(GradientClipping.Parse("value:-0.01,0.02+value:-0.002,0.001"), NonFinitePolicy.Throw, parameters);
        chain.Apply(new ClippingStep(0));
        using var file = new MemoryStream();
        chain.Statistics.Write(new BinaryWriter(file));
        file.Position = 0;
        var read = new ClippingStatistics();
        read.Read(new BinaryReader(file));
        Assert.AreEqual(chain.Statistics.ShareOfElementsClamped, read.ShareOfElementsClamped);
        Assert.IsTrue(read.ShareOfElementsClamped is > 0.9 and <= 1);
    }

    [TestMethod]
    public void BeforeTheFirstStepThereIsNothing()
    {
        ClippingStatistics statistics = new Clipper(GradientClipping.None, NonFinitePolicy.Throw, Gradients.Lstm()).Statistics;
        Assert.AreEqual(0, statistics.ShareClipped);
        Assert.IsTrue(double.IsNaN(statistics.NormMedian) && double.IsNaN(statistics.NormMean));
        Assert.AreEqual(1, statistics.MeanReduction);
    }

    [TestMethod]
    public void QuantilesInterpolateWhileExact()
    {
        var norms = new NormQuantiles();
        foreach (double norm in (double[])[4, 1, 3, 2]) norms.Add(norm);
        CollectionAssert.AreEqual((double[])[1, 1.75, 2.5, 4], norms.At(0, 0.25, 0.5, 1));
        Assert.IsTrue(norms.IsExact);
    }

    [TestMethod]
    public void QuantilesStayWithinTheirBoundOverManySteps()
    {
        const int Count = 200_000;
        var random = new SeededRandom(1);
        var norms = new NormQuantiles();
        var all = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            // Over 60 orders of magnitude, drifting, with zeros: what a long and troubled fit would give.
            all[i] = i % 1000 == 0 ? 0 : Math.Pow(10, (60 * random.NextDouble()) - 30 + (i / 1e5));
            norms.Add(all[i]);
            if (i == NormQuantiles.ExactLimit - 1) Assert.IsTrue(norms.IsExact);
        }

        Assert.IsFalse(norms.IsExact);
        Array.Sort(all);
        double[] shares = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.9, 0.99, 1], quantiles = norms.At(shares);
        for (int i = 0; i < shares.Length; i++)
            Near.AssertRelative(all[(int)(shares[i] * (Count - 1))], quantiles[i], 0.0035, $"quantile {shares[i]}");
        Assert.AreEqual(all[^1], norms.Largest);
        Assert.AreEqual(Count, norms.Count);

        using var file = new MemoryStream();
        norms.Write(new BinaryWriter(file));
        file.Position = 0;
        var read = new NormQuantiles();
        read.Read(new BinaryReader(file));
        CollectionAssert.AreEqual(quantiles, read.At(shares));
        Assert.AreEqual((norms.Sum, norms.Largest, norms.Count), (read.Sum, read.Largest, read.Count));
        norms.Add(1);
        read.Add(1);
        CollectionAssert.AreEqual(norms.At(shares), read.At(shares));
    }

    [TestMethod]
    public void OnlyTheFirstEventsAreKept()
    {
        ParameterSet parameters = Gradients.Lstm();
        var chain = new Clipper(GradientClipping.None, NonFinitePolicy.SkipStep(100), parameters);
        for (int step = 0; step < 50; step++)
        {
            parameters.Gradients[0] = float.NaN;
            chain.Apply(new ClippingStep(step));
        }

        Assert.HasCount(16, chain.FirstEvents);
        Assert.AreEqual(0, chain.FirstEvents[0].Step);
        Assert.AreEqual(50, chain.Statistics.NonFiniteSteps);
        Assert.IsTrue(double.IsNaN(chain.Summarize().NormMedian));
    }
}
