using MlnetClip.Search.Conclusions;

namespace MlnetClip.Search.Tests.Conclusions;

[TestClass]
public sealed class ConcluderTests
{
    private static readonly double[] Thresholds = [0.01, 0.03, 0.1, 0.3, 1, 3, 10];

    private static double NearlyFlat(double threshold) => threshold == 0.1 ? 0.999 : 1;

    [TestMethod]
    public void OfAPlateauTheMiddleIsRecommendedAndNotTheLuckyMinimum()
    {
        double Loss(double threshold) => threshold is < 0.02 or > 5 ? 2 : threshold == 1 ? 0.998 : 1;

        Conclusion found = Concluder.Conclude(Curves.Of(Thresholds, Loss, none: 1.5));

        Assert.AreEqual(1, found.Best!.Threshold);
        Assert.AreEqual(0.3, found.Recommended!.Threshold);
        CollectionAssert.AreEqual(new double?[] { 0.03, 0.1, 0.3, 1, 3 }, found.Plateau.Select(point => point.Threshold).ToArray());
        Assert.AreEqual(Verdict.Helps, found.Verdict);
        Assert.AreEqual("clipping helps: from norm:0.03 to norm:3 it does equally well", found.Text);
    }

    [TestMethod]
    public void APlateauDoesNotReachAcrossAWorsePoint()
    {
        double Loss(double threshold) => threshold switch { 0.01 => 1, 0.3 => 1.001, 1 => 0.999, _ => 1.3 };

        Conclusion found = Concluder.Conclude(Curves.Of(Thresholds, Loss, none: 2));

        CollectionAssert.AreEqual(new double?[] { 0.3, 1 }, found.Plateau.Select(point => point.Threshold).ToArray());
        Assert.AreEqual(1, found.Recommended!.Threshold);
    }

    [TestMethod]
    public void APlateauDoesNotReachAcrossAFailure()
    {
        CurvePoint[] curve = Curves.Of(Thresholds, _ => 1, none: 1.5);
        curve[3] = Curves.At(0.3, 1, 1, double.NaN, 1, 1);
        curve[5] = Curves.At(3, Curves.Around(0.998));

        CollectionAssert.AreEqual(new double?[] { 1, 3, 10 }, Concluder.Conclude(curve).Plateau.Select(point => point.Threshold).ToArray());
    }

    [TestMethod]
    public void WhatOneSeedAloneSaysDoesNotCount()
    {
        CurvePoint[] curve = Curves.Of(Thresholds, _ => 1, none: 1.5);
        curve[6] = Curves.At(10, 0.5);

        Conclusion found = Concluder.Conclude(curve);

        Assert.AreEqual(1, found.Best!.Mean, 1e-9);
        Assert.IsLessThanOrEqualTo(3, found.Plateau[^1].Threshold!.Value);
    }

    [TestMethod]
    public void WhereSmallerIsAlwaysBetterItSaysSo()
    {
        Conclusion found = Concluder.Conclude(Curves.Of(Thresholds, threshold => 1 + (0.1 * Math.Log10(threshold / 0.01)), none: 1.5));

        Assert.AreEqual(Verdict.SmallerIsBetter, found.Verdict);
        Assert.AreEqual(0.01, found.Recommended!.Threshold);
        StringAssert.Contains(found.Text, "the smaller the threshold the better");
        StringAssert.Contains(found.Text, "norm:0.01 does best");
    }

    [TestMethod]
    public void WhereSmallerIsAlwaysWorseClippingOnlyHurts()
    {
        Conclusion found = Concluder.Conclude(Curves.Of(Thresholds, threshold => 2 - (0.25 * Math.Log10(threshold / 0.01)), none: 1.25));

        Assert.AreEqual(Verdict.OnlyHurts, found.Verdict);
        Assert.IsTrue(found.Recommended!.IsNone);
        StringAssert.Contains(found.Text, "clipping only hurts here");
    }

    [TestMethod]
    public void ASettingThatDoesBetterIsNotCalledHarmful()
    {
        // The smallest threshold hurts, another is better on average, though not with every seed.
        CurvePoint[] curve =
        [
            Curves.At(0.01, 1.5) with { AboveNone = 0.5 }, Curves.At(0.1, 0.7, 1.0, 0.75) with { AboveNone = -0.3 }, Curves.At(1, 1.1, 1.1, 1.1),
            Curves.At(null, 1.0, 0.9, 1.7),
        ];

        Conclusion found = Concluder.Conclude(curve);

        Assert.AreEqual(Verdict.NoDifference, found.Verdict);
        Assert.AreEqual(0.1, found.Recommended!.Threshold);
    }

    [TestMethod]
    public void OnAFlatCurveClippingMakesNoDifferenceAndNoneIsRecommended()
    {
        Conclusion found = Concluder.Conclude(Curves.Of(Thresholds, _ => 1, none: 1));

        Assert.AreEqual(Verdict.NoDifference, found.Verdict);
        Assert.IsTrue(found.Recommended!.IsNone);
        Assert.AreEqual("clipping makes no difference here", found.Text);
    }

    [TestMethod]
    public void ABetterMeanWithinTheNoiseIsRecommendedButNotCalledHelp()
    {
        // 2% better on average, but not with every seed.
        CurvePoint[] curve = [Curves.At(0.1, 0.9, 1.1, 0.8, 1.1, 1.0), Curves.At(1, 1.3, 1.3, 1.3, 1.3, 1.3), Curves.At(null, 1.0, 1.0, 1.0, 1.0, 1.0)];

        Conclusion found = Concluder.Conclude(curve);

        Assert.AreEqual(Verdict.NoDifference, found.Verdict);
        Assert.AreEqual(0.1, found.Recommended!.Threshold);
        Assert.AreEqual("clipping makes no difference here that stands out from the noise between seeds; norm:0.1 did best", found.Text);
    }

    [TestMethod]
    public void ASmallGainWithEverySeedIsHelp()
    {
        // The gains differ so much that their mean is within twice its standard error.
        CurvePoint[] curve = [Curves.At(0.1, 0.9, 1.1, 0.8, 1.1, 1.0), Curves.At(null, 0.91, 1.4, 0.82, 1.11, 1.25)];

        Assert.AreEqual(Verdict.Helps, Concluder.Conclude(curve).Verdict);
    }

    [TestMethod]
    public void ADifferenceWithinTheToleranceIsNone()
    {
        Conclusion found = Concluder.Conclude(Curves.Of(Thresholds, _ => 1, none: 1.003, spread: 0));

        Assert.AreEqual(Verdict.NoDifference, found.Verdict);
        Assert.IsTrue(found.Recommended!.IsNone);
    }

    [TestMethod]
    public void BeforeACliffClippingIsNeeded()
    {
        CurvePoint[] curve = Curves.Of(Thresholds, threshold => threshold < 0.05 ? 1.2 : 1, none: 9);
        for (int i = 5; i < curve.Length; i++) curve[i] = Curves.At(i == 7 ? null : Thresholds[i], double.NaN);

        Conclusion found = Concluder.Conclude(curve);

        Assert.AreEqual(Verdict.Needed, found.Verdict);
        Assert.AreEqual("clipping is needed here: at 3 and above training diverges; from norm:0.1 to norm:1 it does equally well", found.Text);
        Assert.AreEqual(0.3, found.Recommended!.Threshold);
    }

    [TestMethod]
    public void WhereOnlyTrainingWithoutClippingDivergesThatIsSaid()
    {
        foreach (CurvePoint none in new[] { Curves.At(null, 1, 1, double.NaN), Curves.At(null, Curves.Around(2.5)) })
        {
            CurvePoint[] curve = [.. Curves.Of(Thresholds, _ => 1, none: 1)[..^1], none];
            Conclusion found = Concluder.Conclude(curve);
            Assert.AreEqual(Verdict.Needed, found.Verdict);
            StringAssert.StartsWith(found.Text, "clipping is needed here: without it training diverges");
        }
    }

    [TestMethod]
    public void WithoutClippingAFailureThatIsNoDivergenceSaysNothing()
    {
        CurvePoint none = Curves.At(null, double.NaN) with { Diverged = 0 };
        Conclusion found = Concluder.Conclude([.. Curves.Of(Thresholds, threshold => threshold == 1 ? 1 : 1.1, none: 1)[..^1], none]);

        Assert.AreEqual(Verdict.NotCompared, found.Verdict);
        Assert.AreEqual(1, found.Recommended!.Threshold);
        Assert.AreEqual("training without clipping failed, though it did not diverge, and cannot be compared; norm:1 does best", found.Text);
    }

    [TestMethod]
    public void WhereItFailedWithOneSeedTheOthersAreCompared()
    {
        CurvePoint none = Curves.At(null, 1.5, 1.5, 1.5, 1.5, double.NaN) with { Diverged = 0 };

        CurvePoint same = Curves.At(null, [.. Curves.Around(1)[..^1], double.NaN]) with { Diverged = 0 };

        Assert.AreEqual(Verdict.Helps, Concluder.Conclude([.. Curves.Of(Thresholds, NearlyFlat, none: 1)[..^1], none]).Verdict);
        Assert.AreEqual(Verdict.NoDifference, Concluder.Conclude([.. Curves.Of(Thresholds, NearlyFlat, none: 1)[..^1], same]).Verdict);
    }

    [TestMethod]
    public void AThresholdThatTookTooLongIsNoCliff()
    {
        CurvePoint[] curve = Curves.Of(Thresholds, NearlyFlat, none: 1.5);
        curve[3] = Curves.At(0.3, 1, double.NaN) with { Diverged = 0 };

        Conclusion found = Concluder.Conclude(curve);

        Assert.AreEqual(Verdict.Helps, found.Verdict);
        Assert.HasCount(6, found.Plateau);
    }

    [TestMethod]
    public void WithSeveralRulesClippingMayBeNeededToo()
    {
        CurvePoint[] curve =
        [
            Curves.At(0.1, Curves.Around(1)) with { Threshold = null, Clipping = "agc:0.1" },
            Curves.At(0.5, Curves.Around(1.2)) with { Threshold = null, Clipping = "value:0.5" },
            Curves.At(null, double.NaN),
        ];

        Conclusion found = Concluder.Conclude(curve);

        Assert.AreEqual(Verdict.Needed, found.Verdict);
        Assert.AreEqual("agc:0.1", found.Recommended!.Clipping);
    }

    [TestMethod]
    public void VanishingGradientsAreNamedWhereClippingDoesNotMatter()
    {
        Assert.AreEqual(Verdict.Vanishing, Concluder.Conclude(Curves.Of(Thresholds, _ => 1, none: 1), vanishing: true).Verdict);
        Assert.AreEqual(Verdict.Helps, Concluder.Conclude(Curves.Of(Thresholds, threshold => threshold == 1 ? 1 : 1.1, none: 1.2), vanishing: true).Verdict);
    }

    [TestMethod]
    public void WhenEverythingFailsNothingIsRecommended()
    {
        foreach (CurvePoint[] curve in new CurvePoint[][] { [], [Curves.At(null, double.NaN)], [Curves.At(0.1, double.NaN), Curves.At(1, double.NaN), Curves.At(null, double.NaN)] })
        {
            Conclusion found = Concluder.Conclude(curve);
            Assert.AreEqual(Verdict.NothingTrained, found.Verdict);
            Assert.IsNull(found.Recommended);
            Assert.IsEmpty(found.Plateau);
        }
    }

    [TestMethod]
    public void LossesBelowZeroAreJudgedAlike()
    {
        CurvePoint[] curve = Curves.Of(Thresholds, threshold => threshold is 0.3 or 1 ? -0.9 : -0.5, none: -0.7);

        Conclusion found = Concluder.Conclude(curve);

        Assert.AreEqual(Verdict.Helps, found.Verdict);
        CollectionAssert.AreEqual(new double?[] { 0.3, 1 }, found.Plateau.Select(point => point.Threshold).ToArray());
    }
}
