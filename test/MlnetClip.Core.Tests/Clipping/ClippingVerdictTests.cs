using MlnetClip.Clipping;

namespace MlnetClip.Core.Tests.Clipping;

/// <summary>Verdicts in words.</summary>
[TestClass]
public sealed class ClippingVerdictTests
{
    private static readonly ClippingSummary Summary = new()
    {
        Clipping = "norm:1",
        Policy = "skip:10",
        Rules = ["norm:1: ..."],
        LearningRate = 0.5,
        Optimizer = "sgd",
        Steps = 1000,
        FiniteSteps = 1000,
        ClippedSteps = 300,
        MeanReduction = 0.8,
        NormQuantiles = [1, 1, 1, 1, 1, 1.5, 2, 3, 4, 5, 6],
        NormMax = 6,
    };

    [TestMethod]
    public void SomeStepsClipped() => Only(Summary,
        "30% of the steps were clipped: the median norm was 1.5 and the largest 6, and clipping reduced the norm to 80% on average.");

    [TestMethod]
    public void NeverClipped() => Starts(Summary with { ClippedSteps = 0 }, "Never clipped: no gradient reached the threshold, so clipping had no effect");

    [TestMethod]
    public void WithoutRules() => Only(Summary with { Rules = [] }, "Not clipped by any rule: the median norm was 1.5 and the largest 6.");

    [TestMethod]
    public void NearlyAlwaysClippedAdvisesNothingAgainstAThresholdThatASearchFound() =>
        Assert.EndsWith("A higher threshold would clip only the rare large steps; keep this one if a search found nothing better.", (Summary with { ClippedSteps = 970, RescaledSteps = 970, MeanReduction = 0.2 }).Verdicts[0].ToString());

    [TestMethod]
    public void NearlyAlwaysClippedNamesTheEquivalentLearningRate()
    {
        ClippingSummary summary = Summary with { ClippedSteps = 950, RescaledSteps = 950, MeanReduction = 0.2 };
        Starts(summary, "95% of the steps were clipped: clipping acts as a smaller learning rate");
        Assert.Contains("a learning rate of about 0.1 instead of 0.5", summary.Verdicts[0].ToString());
        Assert.Contains("about 0.2 times the learning rate has the same effect", (summary with { LearningRate = double.NaN }).Verdicts[0].ToString());
        Assert.Contains("clipping acts as a larger learning rate", (summary with { MeanReduction = 3 }).Verdicts[0].ToString());
        Assert.DoesNotContain("learning rate", (summary with { ClippedSteps = 900 }).Verdicts[0].ToString());
        Assert.AreEqual(0.1, summary.Verdicts[0].EquivalentLearningRate, 1e-12);
    }

    [TestMethod]
    public void AnEquivalentLearningRateIsSaidOnlyWhereItIsOne()
    {
        ClippingSummary summary = Summary with { ClippedSteps = 950, RescaledSteps = 950, MeanReduction = 0.2 };
        foreach (ClippingSummary other in (ClippingSummary[])[
            summary with { RescaledSteps = 949 }, // the direction changed, as by clamping
            summary with { Optimizer = "sgd:decay=0.1" }, // the decay would be smaller too
            summary with { Optimizer = "adam" }, summary with { Optimizer = "" }])
        {
            Assert.AreEqual(ClippingConclusion.MostStepsClipped, other.Verdicts[0].Conclusion);
            Assert.IsFalse(other.Verdicts[0].ActsAsLearningRate);
            Assert.DoesNotContain("learning rate", other.Verdicts[0].ToString());
        }
    }

    [TestMethod]
    public void FewStepsSayNothingAboutTheThreshold()
    {
        ClippingSummary three = Summary with { Steps = 3, FiniteSteps = 3, ClippedSteps = 3, RescaledSteps = 3, MeanReduction = 0.2 };
        Only(three, "100% of the steps were clipped: the median norm was 1.5 and the largest 6. "
            + "The fit had 3 steps, too few to judge the threshold: gradients are often largest in the first steps.");
        Assert.Contains("Only 3 steps had a finite gradient, too few to judge the threshold", (three with { Steps = 30, SkippedSteps = 27 }).Verdicts[0].ToString());
        Assert.AreEqual(ClippingConclusion.TooFewSteps, (three with { ClippedSteps = 0, SkippedSteps = 2 }).Verdicts[0].Conclusion);
        Assert.AreEqual(ClippingConclusion.SomeStepsClipped, (three with { ClippedSteps = 1 }).Verdicts[0].Conclusion);
        Assert.AreEqual(ClippingConclusion.MostStepsClipped, (three with { Steps = 20, FiniteSteps = 20, ClippedSteps = 20 }).Verdicts[0].Conclusion);
    }

    [TestMethod]
    public void WhereNormsDifferMuchNoLearningRateHasTheSameEffect()
    {
        ClippingVerdict verdict = (Summary with { ClippedSteps = 950, RescaledSteps = 950, MeanReduction = 0.2, NormQuantiles = [1, 1, 1, 1, 1, 1.5, 2, 3.1, 4, 5, 6] }).Verdicts[0];
        Assert.IsFalse(verdict.ActsAsLearningRate);
        Assert.DoesNotContain("learning rate", verdict.ToString());
    }

    [TestMethod]
    public void AFactorCancelsOnlyWellAboveEpsilon()
    {
        ClippingSummary summary = Summary with { ClippedSteps = 950, Optimizer = "adam:eps=0.001", Elements = 100, NormMeanAfter = 0.1 };
        Assert.Contains("cancels out", summary.Verdicts[0].ToString());
        ClippingVerdict below = (summary with { NormMeanAfter = 0.009 }).Verdicts[0];
        Assert.AreEqual(ClippingConclusion.UpdatesVanish, below.Conclusion);
        Assert.Contains("an epsilon of 0.001; an element of the clipped gradient is about 0.0009", below.ToString());
        Assert.DoesNotContain("cancels out", (summary with { ShareOfElementsClamped = 0.1 }).Verdicts[0].ToString());
        Assert.DoesNotContain("cancels out", (summary with { Optimizer = "adam:decay=0.1" }).Verdicts[0].ToString());
    }

    [TestMethod]
    public void ThereIsNoThresholdToRaiseInNormalizing()
    {
        string verdict = (Summary with { Clipping = "normalize", ClippedSteps = 1000 }).Verdicts[0].ToString();
        Assert.DoesNotContain("threshold", verdict);
    }

    [TestMethod]
    public void NearlyAlwaysClippedUnderAdamSaysThatAFactorCancels() => Assert.Contains(
        "adamw:decay=0.1 divides by the size of recent gradients, so a constant factor cancels out",
        (Summary with { ClippedSteps = 950, Optimizer = "adamw:decay=0.1" }).Verdicts[0].ToString());

    [TestMethod]
    public void RefusedSpikesAreNotNoEffect()
    {
        ClippingSummary summary = Summary with { ClippedSteps = 0, SkippedSteps = 5, Steps = 1002, RollBacks = 1, ZeroedSteps = 0 };
        Assert.AreEqual(4, summary.RefusedSteps);
        Assert.Contains("4 steps were skipped as spikes", summary.Verdicts[0].ToString());
        Assert.DoesNotContain("So many", summary.Verdicts[0].ToString());
        Assert.Contains("600 steps were skipped as spikes. So many cannot be spikes", (Summary with { ClippedSteps = 0, SkippedSteps = 600 }).Verdicts[0].ToString());
    }

    [TestMethod]
    public void GradientsMadeLongerHaveNoThresholdToRaise()
    {
        string verdict = (Summary with { ClippedSteps = 1000, RescaledSteps = 1000, MeanReduction = 10.2 }).Verdicts[0].ToString();
        Assert.Contains("clipping acts as a larger learning rate; the median norm was 1.5 and the largest 6, and clipping multiplied the norm by 10.2 on average", verdict);
        Assert.DoesNotContain("threshold", verdict);
    }

    [TestMethod]
    public void WhatWasLimitedInsideTheBackwardPassIsSaid()
    {
        ClippingSummary summary = Summary with { Clipping = "inside:1", BackpropClipping = ["inside:1: ..."], Rules = [] };
        Assert.HasCount(2, summary.Verdicts);
        Assert.StartsWith("The limit inside the backward pass had no effect", summary.Verdicts[1].ToString());
        Assert.StartsWith("Inside the backward pass 2.5% of the gradients propagated between time steps", (summary with { ShareLimitedInside = 0.025 }).Verdicts[1].ToString());
        Assert.HasCount(1, (summary with { Clipping = "truncate:5", BackpropClipping = ["truncate:5: ..."] }).Verdicts);
    }

    [TestMethod]
    public void NonFiniteStepsAreCountedWithTheFirst()
    {
        ClippingSummary summary = Summary with
        {
            FiniteSteps = 990, SkippedSteps = 6, ZeroedSteps = 3, RollBacks = 1,
            FirstEvents = [new NonFiniteEvent(12, 1, "lstm.weight_hh_l0", 0, "f", StepOutcome.Skipped)],
        };
        Assert.HasCount(2, summary.Verdicts);
        Assert.AreEqual(
            "10 of 1000 steps had a gradient that was not finite, first at step 12 (epoch 1): 'lstm.weight_hh_l0', layer 0, gate f: "
            + "6 skipped, 3 with tensors set to zero, 1 rolled back.", summary.Verdicts[1].ToString());
    }

    [TestMethod]
    public void RollBacksSayWhatIsLeftOfTheLearningRate() => Assert.EndsWith(
        "3 rolled back, which reduced the learning rate to 0.125 of its value.",
        (Summary with { Policy = "rollback:0.5", FiniteSteps = 997, RollBacks = 3 }).Verdicts[1].ToString());

    [TestMethod]
    public void NothingFinite() => Starts(Summary with { FiniteSteps = 0, SkippedSteps = 1000 }, "No step had a finite gradient");

    [TestMethod]
    public void VanishingNamesTheReachAndWhatHelps()
    {
        ClippingSummary summary = Summary with { TimeStepNorms = [1e-9, 1e-9, 1e-6, 0.9e-3, 1e-3, 0.1, 1] };
        Assert.HasCount(2, summary.Verdicts);
        Assert.Contains("only the last 3 of 7 time steps contribute more than 1/1000", summary.Verdicts[1].ToString());
        Assert.Contains("Clipping does not help with that", summary.Verdicts[1].ToString());
        Assert.AreEqual(new TimeStepReach(3, 7), summary.Verdicts[1].Reach);
        Assert.HasCount(1, (Summary with { TimeStepNorms = [1e-4, 1e-4, 1e-4, 1e-3, 0.1, 1] }).Verdicts); // it reaches half
        Assert.HasCount(1, (Summary with { TimeStepNorms = [1e-3, 0.1, 1] }).Verdicts);
        Assert.HasCount(1, (Summary with { TimeStepNorms = [0, 0, 0] }).Verdicts);
    }

    [TestMethod]
    [DataRow("lstm", "What may help: a larger forget-gate bias, shorter sequences,")]
    [DataRow("gru", "What may help: an LSTM with a large forget-gate bias instead of the GRU, shorter sequences,")]
    [DataRow("rnn", "What may help: an LSTM or a GRU instead of the plain recurrent layer, shorter sequences,")]
    [DataRow("lstm,rnn", "What may help: an LSTM instead of another recurrent layer, a larger forget-gate bias of an LSTM, shorter sequences,")]
    public void TheAdviceOnAVanishingGradientDependsOnTheCell(string cells, string advice) =>
        Assert.Contains(advice, (Summary with { TimeStepNorms = [1e-9, 1e-9, 1e-6, 1e-3, 1], Cells = cells.Split(',') }).Verdicts[1].ToString());

    private static void Only(ClippingSummary summary, string verdict)
    {
        Assert.HasCount(1, summary.Verdicts);
        Assert.AreEqual(verdict, summary.Verdicts[0].ToString());
    }

    private static void Starts(ClippingSummary summary, string verdict) => Assert.StartsWith(verdict, summary.Verdicts[0].ToString());
}
