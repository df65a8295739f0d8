using MlnetClip.Data;
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

        StudyConclusion found = Concluder.Conclude(Curves.Of(Thresholds, Loss, none: 1.5));

        Assert.AreEqual(1, found.Best!.Threshold);
        Assert.AreEqual(0.3, found.Recommended!.Threshold);
        CollectionAssert.AreEqual(new double?[] { 0.03, 0.1, 0.3, 1, 3 }, found.Plateau.Select(point => point.Threshold).ToArray());
        Assert.AreEqual(StudyVerdict.Helps, found.Verdict);
        Assert.AreEqual("clipping helps: all settings from norm:0.03 to norm:3 do equally well; without it the loss is 50% higher, over 5 seeds", found.Text);
        Assert.AreEqual(RecommendationBasis.MiddleOfPlateau, found.Basis);
        StringAssert.StartsWith(found.RecommendationText, "norm:1 has the lowest mean loss, by 0.2%; ");
    }

    [TestMethod]
    public void APlateauDoesNotReachAcrossAWorsePoint()
    {
        double Loss(double threshold) => threshold switch { 0.01 => 1, 0.3 => 1.001, 1 => 0.999, _ => 1.3 };

        StudyConclusion found = Concluder.Conclude(Curves.Of(Thresholds, Loss, none: 2));

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

        StudyConclusion found = Concluder.Conclude(curve);

        Assert.AreEqual(1, found.Best!.Mean, 1e-9);
        Assert.IsLessThanOrEqualTo(3, found.Plateau[^1].Threshold!.Value);
    }

    [TestMethod]
    public void WhereSmallerIsAlwaysBetterItSaysSo()
    {
        StudyConclusion found = Concluder.Conclude(Curves.Of(Thresholds, threshold => 1 + (0.1 * Math.Log10(threshold / 0.01)), none: 1.5));

        Assert.AreEqual(StudyVerdict.SmallestIsBest, found.Verdict);
        Assert.AreEqual(0.01, found.Recommended!.Threshold);
        StringAssert.StartsWith(found.Text, "clipping helps: norm:0.01, the smallest threshold tried, has the lowest loss, so an even smaller one may be better");
    }

    [TestMethod]
    public void WhereSmallerIsAlwaysWorseClippingOnlyHurts()
    {
        StudyConclusion found = Concluder.Conclude(Curves.Of(Thresholds, threshold => 2 - (0.25 * Math.Log10(threshold / 0.01)), none: 1.25));

        Assert.AreEqual(StudyVerdict.OnlyHurts, found.Verdict);
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

        StudyConclusion found = Concluder.Conclude(curve);

        Assert.AreEqual(StudyVerdict.NoDifference, found.Verdict);
        Assert.AreEqual(0.1, found.Recommended!.Threshold);
    }

    [TestMethod]
    public void OnAFlatCurveClippingMakesNoDifferenceAndNoneIsRecommended()
    {
        StudyConclusion found = Concluder.Conclude(Curves.Of(Thresholds, _ => 1, none: 1));

        Assert.AreEqual(StudyVerdict.NoDifference, found.Verdict);
        Assert.IsTrue(found.Recommended!.IsNone);
        Assert.AreEqual("clipping makes no difference here", found.Text);
    }

    [TestMethod]
    public void ABetterMeanWithinTheNoiseIsRecommendedButNotCalledHelp()
    {
        // 2% better on average, but not with every seed.
        CurvePoint[] curve = [Curves.At(0.1, 0.9, 1.1, 0.8, 1.1, 1.0), Curves.At(1, 1.3, 1.3, 1.3, 1.3, 1.3), Curves.At(null, 1.0, 1.0, 1.0, 1.0, 1.0)];

        StudyConclusion found = Concluder.Conclude(curve);

        Assert.AreEqual(StudyVerdict.NoDifference, found.Verdict);
        Assert.AreEqual(0.1, found.Recommended!.Threshold);
        Assert.AreEqual(0.1 / 4.9, found.UnclippedAbove, 1e-12);
        Assert.AreEqual(
            "clipping makes no difference here beyond the noise between seeds: norm:0.1 has the lowest loss by 2.0%, but a difference below 13% may be chance", found.Text);
    }

    [TestMethod]
    public void TheVerdictAndTheNoiseThatIsStatedAgree()
    {
        var random = new SeededRandom(1);
        int helps = 0, hurts = 0, same = 0;
        for (int study = 0; study < 2000; study++)
        {
            int seeds = 2 + random.NextInt32(4), settings = 1 + random.NextInt32(4);
            double gain = 0.2 * (random.NextDouble() - 0.5), spread = 0.1 * random.NextDouble();
            double[] Losses(double mean) => [.. Enumerable.Range(0, seeds).Select(_ => mean * (1 + (spread * (random.NextDouble() - 0.5))))];
            CurvePoint[] curve = [.. Enumerable.Range(1, settings).Select(i => Curves.At(i, Losses(1 + (0.01 * i)))), Curves.At(null, Losses(1 + gain))];

            StudyConclusion found = Concluder.Conclude(curve);
            double bar = Math.Max(Concluder.Tolerance, found.Noise!.Resolution);
            Assert.AreEqual(found.UnclippedAbove > bar, found.Verdict is StudyVerdict.Helps or StudyVerdict.SmallestIsBest, found.Text);
            Assert.AreEqual(found.UnclippedAbove < -bar, found.Verdict == StudyVerdict.OnlyHurts, found.Text);
            if (found.UnclippedAbove > bar) helps++;
            else if (found.UnclippedAbove < -bar) hurts++;
            else same++;
        }

        Assert.IsTrue(helps > 100 && hurts > 100 && same > 100, $"{helps} {hurts} {same}");
    }

    [TestMethod]
    public void WhereEveryClippedSettingIsClearlyWorseClippingHurts()
    {
        StudyConclusion found = Concluder.Conclude([Curves.At(1, Curves.Around(1.3)), Curves.At(3, Curves.Around(1.2)), Curves.At(null, Curves.Around(1))]);

        Assert.AreEqual(StudyVerdict.OnlyHurts, found.Verdict);
        Assert.IsTrue(found.Recommended!.IsNone);
        Assert.AreEqual("clipping only hurts here: the loss of norm:3, the best clipped setting, is 20% above that without clipping, over 5 seeds", found.Text);
    }

    [TestMethod]
    public void ADifferenceWithinTheToleranceIsNone()
    {
        StudyConclusion found = Concluder.Conclude(Curves.Of(Thresholds, _ => 1, none: 1.003, spread: 0));

        Assert.AreEqual(StudyVerdict.NoDifference, found.Verdict);
        Assert.IsTrue(found.Recommended!.IsNone);
    }

    [TestMethod]
    public void BeforeACliffClippingIsNeeded()
    {
        CurvePoint[] curve = Curves.Of(Thresholds, threshold => threshold < 0.05 ? 1.2 : 1, none: 9);
        for (int i = 5; i < curve.Length; i++) curve[i] = Curves.At(i == 7 ? null : Thresholds[i], double.NaN);

        StudyConclusion found = Concluder.Conclude(curve);

        Assert.AreEqual(StudyVerdict.Needed, found.Verdict);
        Assert.AreEqual("clipping is needed here: at 3 and above training diverges; all settings from norm:0.1 to norm:1 do equally well", found.Text);
        Assert.AreEqual(0.3, found.Recommended!.Threshold);
    }

    [TestMethod]
    public void WhereOnlyTrainingWithoutClippingDivergesThatIsSaid()
    {
        StudyConclusion found = Concluder.Conclude([.. Curves.Of(Thresholds, _ => 1, none: 1)[..^1], Curves.At(null, 1, 1, double.NaN)]);

        Assert.AreEqual(StudyVerdict.Needed, found.Verdict);
        StringAssert.StartsWith(found.Text, "clipping is needed here: without it training diverges with 1 of 3 seeds; ");
    }

    [TestMethod]
    public void ALargeLossIsNoDivergence()
    {
        StudyConclusion found = Concluder.Conclude([.. Curves.Of(Thresholds, _ => 1, none: 1)[..^1], Curves.At(null, Curves.Around(2.5))]);

        Assert.AreEqual(StudyVerdict.Helps, found.Verdict);
        StringAssert.EndsWith(found.Text, "without it the loss is 150% higher, over 5 seeds");
    }

    [TestMethod]
    public void WithoutClippingAFailureThatIsNoDivergenceSaysNothing()
    {
        CurvePoint none = Curves.At(null, double.NaN).Failed();
        StudyConclusion found = Concluder.Conclude([.. Curves.Of(Thresholds, threshold => threshold == 1 ? 1 : 1.1, none: 1)[..^1], none]);

        CannotTell(found, CannotTellReason.UnclippedFailed);
        Assert.AreEqual(1, found.Best!.Threshold);
        Assert.AreEqual(
            "cannot tell whether clipping helps, because training without clipping failed for another reason than divergence: 1 took too long; the best so far is norm:1, with a loss of 1 over 5 seeds",
            found.Text);
    }

    [TestMethod]
    public void WhereEveryClippedTrialFailedItCannotTell()
    {
        // As many cores as half the workers, and a time for a trial that only the fit without clipping keeps.
        foreach (CurvePoint[] curve in new CurvePoint[][]
        {
            [Curves.At(0.1, double.NaN).Failed(), Curves.At(1, double.NaN).Failed(), Curves.At(null, 1)],
            [Curves.At(0.1, double.NaN).Failed(FailureKind.Exception, "TimeZoneNotFoundException: Where?"), Curves.At(1, double.NaN).Failed(), Curves.At(null, 1, 1.1)],
        })
        {
            StudyConclusion found = Concluder.Conclude(curve);
            CannotTell(found, CannotTellReason.ClippedFailed);
            Assert.IsTrue(found.Best!.IsNone);
            Assert.AreEqual(2, found.Failures.Sum(failure => failure.Count));
            StringAssert.Contains(found.Text, "because the clipped fits failed: ");
            StringAssert.Contains(found.Text, "took too long");
        }
    }

    [TestMethod]
    public void OneSeedIsTooFewHoweverLargeTheDifference()
    {
        StudyConclusion found = Concluder.Conclude([Curves.At(0.1, 0.5), Curves.At(1, 0.9), Curves.At(null, 1)]);

        CannotTell(found, CannotTellReason.TooFewSeeds);
        Assert.AreEqual(0.1, found.Best!.Threshold);
        StringAssert.Contains(found.Text, "with one seed only");
        StringAssert.EndsWith(found.Text, "the best so far is norm:0.1, with a loss of 0.5 over 1 seed");
    }

    [TestMethod]
    public void AClippedSettingNeedsAsManySeedsAsTrainingWithout()
    {
        CurvePoint none = Curves.At(null, 1, 1, 1);
        CannotTell(Concluder.Conclude([Curves.At(0.1, 0.5, 0.5), none]), CannotTellReason.TooFewSeeds);
        CannotTell(Concluder.Conclude([Curves.At(0.1, 0.5, 0.5), none], timeIsUp: true), CannotTellReason.TimeIsUp);
        Assert.AreEqual(StudyVerdict.Helps, Concluder.Conclude([Curves.At(0.1, 0.5, 0.5, 0.5), none]).Verdict);
        Assert.AreEqual(StudyVerdict.Helps, Concluder.Conclude([Curves.At(0.1, 0.5, 0.5, 0.5, 0.5), none], timeIsUp: true).Verdict, "what was seen counts");
    }

    [TestMethod]
    public void WhatWasStoppedEarlyIsNotCompared()
    {
        CannotTell(Concluder.Conclude([Curves.At(0.1), Curves.At(null, 1, 1)]), CannotTellReason.Stopped);
        CannotTell(Concluder.Conclude([Curves.At(0.1, 1)]), CannotTellReason.Stopped);
        CannotTell(Concluder.Conclude([Curves.At(0.1, 1)], timeIsUp: true), CannotTellReason.TimeIsUp);
    }

    [TestMethod]
    public void WhereAllDivergesSometimesItCannotTell()
    {
        StudyConclusion found = Concluder.Conclude([Curves.At(0.1, 1, double.NaN), Curves.At(1, 1.5, double.NaN), Curves.At(null, double.NaN, double.NaN)]);

        CannotTell(found, CannotTellReason.ClippedFailed);
        Assert.AreEqual(0.1, found.Best!.Threshold);
        StringAssert.Contains(found.Text, "2 diverged");
    }

    [TestMethod]
    public void WhereOnlyClippedSettingsDivergeClippingHurts()
    {
        StudyConclusion found = Concluder.Conclude([Curves.At(0.1, 1, double.NaN), Curves.At(null, 1, 1)]);

        Assert.AreEqual(StudyVerdict.OnlyHurts, found.Verdict);
        Assert.IsTrue(found.Recommended!.IsNone);
    }

    [TestMethod]
    public void ThresholdsOfSeveralRulesHaveNoSmallest()
    {
        CurvePoint Rule(string clipping, double loss) => Curves.At(1, Curves.Around(loss)) with { Threshold = null, Clipping = GradientClipping.Parse(clipping), AboveNone = -0.1 };
        StudyConclusion found = Concluder.Conclude([Rule("agc:0.01", 1), Rule("norm:1", 1.1), Rule("value:1", 1.2), Curves.At(null, Curves.Around(2))]);

        Assert.AreEqual(StudyVerdict.Helps, found.Verdict);
        StringAssert.StartsWith(found.Text, "clipping helps: agc:0.01 has the lowest loss");
        Assert.DoesNotContain("small", found.Text);
    }

    [TestMethod]
    public void WhatClipsNearlyEveryStepIsExplained()
    {
        CurvePoint[] curve = Curves.Of([0.1, 1], threshold => threshold, none: 2);
        curve[0] = curve[0] with { ShareClipped = 0.97 };

        Assert.AreEqual(
            "norm:0.1 clips 97% of the steps, so it changes the size of nearly every step. A higher threshold would clip only the rare large steps, but was not better here.", Concluder.Conclude(curve).RecommendationText);
        Assert.AreEqual("", Concluder.Conclude(Curves.Of([0.1, 1], threshold => threshold, none: 2)).RecommendationText);
    }

    [TestMethod]
    public void NoClippingIsExplainedWhereASettingHasTheLowestLoss()
    {
        StudyConclusion found = Concluder.Conclude(Curves.Of([0.1, 1], threshold => threshold == 1 ? 0.999 : 1.2, none: 1, spread: 0));

        Assert.IsTrue(found.Recommended!.IsNone);
        Assert.AreEqual(RecommendationBasis.NoClippingDoesAsWell, found.Basis);
        Assert.AreEqual("norm:1 has the lowest mean loss, by 0.1%, which counts as no difference, so no clipping is recommended.", found.RecommendationText);
    }

    [TestMethod]
    public void WhereItFailedWithOneSeedTheOthersAreCompared()
    {
        CurvePoint none = Curves.At(null, 1.5, 1.5, 1.5, 1.5, double.NaN).Failed();

        CurvePoint same = Curves.At(null, [.. Curves.Around(1)[..^1], double.NaN]).Failed();

        Assert.AreEqual(StudyVerdict.Helps, Concluder.Conclude([.. Curves.Of(Thresholds, NearlyFlat, none: 1)[..^1], none]).Verdict);
        Assert.AreEqual(StudyVerdict.NoDifference, Concluder.Conclude([.. Curves.Of(Thresholds, NearlyFlat, none: 1)[..^1], same]).Verdict);
    }

    [TestMethod]
    public void AThresholdThatTookTooLongIsNoCliff()
    {
        CurvePoint[] curve = Curves.Of(Thresholds, NearlyFlat, none: 1.5);
        curve[3] = Curves.At(0.3, 1, double.NaN).Failed();

        StudyConclusion found = Concluder.Conclude(curve);

        Assert.AreEqual(StudyVerdict.Helps, found.Verdict);
        Assert.HasCount(6, found.Plateau);
    }

    [TestMethod]
    public void WithSeveralRulesClippingMayBeNeededToo()
    {
        CurvePoint[] curve =
        [
            Curves.At(0.1, Curves.Around(1)) with { Threshold = null, Clipping = GradientClipping.AdaptiveByUnit(0.1) },
            Curves.At(0.5, Curves.Around(1.2)) with { Threshold = null, Clipping = GradientClipping.ByValue(0.5) },
            Curves.At(null, double.NaN),
        ];

        StudyConclusion found = Concluder.Conclude(curve);

        Assert.AreEqual(StudyVerdict.Needed, found.Verdict);
        Assert.AreEqual(GradientClipping.AdaptiveByUnit(0.1), found.Recommended!.Clipping);
    }

    [TestMethod]
    public void VanishingGradientsAreNamedWhereClippingDoesNotMatter()
    {
        Assert.AreEqual(StudyVerdict.Vanishing, Concluder.Conclude(Curves.Of(Thresholds, _ => 1, none: 1), vanishing: true).Verdict);
        Assert.AreEqual(StudyVerdict.Helps, Concluder.Conclude(Curves.Of(Thresholds, threshold => threshold == 1 ? 1 : 1.1, none: 1.2), vanishing: true).Verdict);
    }

    [TestMethod]
    public void WhenEverythingFailsNothingIsRecommended()
    {
        foreach (CurvePoint[] curve in new CurvePoint[][] { [], [Curves.At(null, double.NaN)], [Curves.At(0.1, double.NaN), Curves.At(1, double.NaN), Curves.At(null, double.NaN)] })
        {
            StudyConclusion found = Concluder.Conclude(curve);
            Assert.AreEqual(StudyVerdict.NothingTrained, found.Verdict);
            Assert.IsNull(found.Recommended);
            Assert.IsEmpty(found.Plateau);
        }
    }

    [TestMethod]
    public void LossesBelowZeroAreJudgedAlike()
    {
        CurvePoint[] curve = Curves.Of(Thresholds, threshold => threshold is 0.3 or 1 ? -0.9 : -0.5, none: -0.7);

        StudyConclusion found = Concluder.Conclude(curve);

        Assert.AreEqual(StudyVerdict.Helps, found.Verdict);
        CollectionAssert.AreEqual(new double?[] { 0.3, 1 }, found.Plateau.Select(point => point.Threshold).ToArray());
    }

    private static void CannotTell(StudyConclusion found, CannotTellReason reason)
    {
        Assert.AreEqual((StudyVerdict.CannotTell, reason), (found.Verdict, found.Reason!.Value), found.Text);
        Assert.IsNull(found.Recommended);
        Assert.IsNotNull(found.Best);
        StringAssert.StartsWith(found.Text, "cannot tell whether clipping helps, because ");
    }
}
