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
        "30% of the steps were clipped: the norm had the median 1.5 and the maximum 6, and clipping left 80% of it on average.");

    [TestMethod]
    public void NeverClipped() => Starts(Summary with { ClippedSteps = 0 }, "Never clipped: no gradient reached the threshold, so the rules had no effect");

    [TestMethod]
    public void WithoutRules() => Only(Summary with { Rules = [] }, "Not clipped by any rule: the norm had the median 1.5 and the maximum 6.");

    [TestMethod]
    public void NearlyAlwaysClippedNamesTheEquivalentLearningRate()
    {
        ClippingSummary summary = Summary with { ClippedSteps = 950, MeanReduction = 0.2 };
        Starts(summary, "95% of the steps were clipped: clipping acts as a smaller learning rate");
        Assert.Contains("about a learning rate of 0.1 instead of 0.5", summary.Verdicts[0]);
        Assert.Contains("about a learning rate of 0.2 times the one set", (summary with { LearningRate = double.NaN }).Verdicts[0]);
        Assert.Contains("clipping acts as a larger learning rate", (summary with { MeanReduction = 3 }).Verdicts[0]);
        Assert.DoesNotContain("learning rate", (summary with { ClippedSteps = 900 }).Verdicts[0]);
    }

    [TestMethod]
    public void NearlyAlwaysClippedUnderAdamSaysThatAFactorCancels() => Assert.Contains(
        "adamw:decay=0.1 divides by the size of recent gradients, so that a constant factor cancels out",
        (Summary with { ClippedSteps = 950, Optimizer = "adamw:decay=0.1" }).Verdicts[0]);

    [TestMethod]
    public void RefusedSpikesAreNotNoEffect()
    {
        ClippingSummary summary = Summary with { ClippedSteps = 0, SkippedSteps = 5, Steps = 1002, RollBacks = 1, ZeroedSteps = 0 };
        Assert.AreEqual(4, summary.RefusedSteps);
        Assert.Contains("4 steps were left out as spikes", summary.Verdicts[0]);
        Assert.DoesNotContain("So many", summary.Verdicts[0]);
        Assert.Contains("600 steps were left out as spikes. So many are no spikes", (Summary with { ClippedSteps = 0, SkippedSteps = 600 }).Verdicts[0]);
    }

    [TestMethod]
    public void GradientsMadeLongerHaveNoThresholdToRaise()
    {
        string verdict = (Summary with { ClippedSteps = 1000, MeanReduction = 10.2 }).Verdicts[0];
        Assert.Contains("clipping acts as a larger learning rate; the norm had the median 1.5 and the maximum 6, and was multiplied by 10.2 on average", verdict);
        Assert.DoesNotContain("threshold", verdict);
    }

    [TestMethod]
    public void WhatWasLimitedInsideTheBackwardPassIsTold()
    {
        ClippingSummary summary = Summary with { BackpropClipping = ["inside:1: ..."], Rules = [] };
        Assert.HasCount(2, summary.Verdicts);
        Assert.StartsWith("Inside the backward pass nothing was limited", summary.Verdicts[1]);
        Assert.StartsWith("Inside the backward pass 2.5% of what time steps passed", (summary with { ShareLimitedInside = 0.025 }).Verdicts[1]);
        Assert.HasCount(1, (summary with { BackpropClipping = ["truncate:5: ..."] }).Verdicts);
    }

    [TestMethod]
    public void NonFiniteStepsAreToldWithTheFirst()
    {
        ClippingSummary summary = Summary with
        {
            FiniteSteps = 990, SkippedSteps = 6, ZeroedSteps = 3, RollBacks = 1,
            FirstEvents = [new NonFiniteEvent(12, 1, "lstm.weight_hh_l0", 0, "f", StepOutcome.Skipped)],
        };
        Assert.HasCount(2, summary.Verdicts);
        Assert.AreEqual(
            "10 of 1000 steps had a gradient that was not finite, first at step 12 (epoch 1): 'lstm.weight_hh_l0', layer 0, gate f: "
            + "6 left out, 3 with tensors set to zero, 1 rolled back.", summary.Verdicts[1]);
    }

    [TestMethod]
    public void RollBacksTellWhatIsLeftOfTheLearningRate() => Assert.EndsWith(
        "3 rolled back, which left 0.125 of the learning rate.",
        (Summary with { Policy = "rollback:0.5", FiniteSteps = 997, RollBacks = 3 }).Verdicts[1]);

    [TestMethod]
    public void NothingFinite() => Starts(Summary with { FiniteSteps = 0, SkippedSteps = 1000 }, "No step had a finite gradient");

    [TestMethod]
    public void VanishingNamesTheReachAndWhatHelps()
    {
        ClippingSummary summary = Summary with { TimeStepNorms = [1e-9, 1e-6, 0.9e-3, 1e-3, 0.1, 1] };
        Assert.HasCount(2, summary.Verdicts);
        Assert.Contains("falls below 1/1000 of the largest 3 steps before the end of 6", summary.Verdicts[1]);
        Assert.Contains("Clipping does not help with that", summary.Verdicts[1]);
        Assert.HasCount(1, (Summary with { TimeStepNorms = [1e-3, 0.1, 1] }).Verdicts);
        Assert.HasCount(1, (Summary with { TimeStepNorms = [0, 0, 0] }).Verdicts);
    }

    private static void Only(ClippingSummary summary, string verdict)
    {
        Assert.HasCount(1, summary.Verdicts);
        Assert.AreEqual(verdict, summary.Verdicts[0]);
    }

    private static void Starts(ClippingSummary summary, string verdict) => Assert.StartsWith(verdict, summary.Verdicts[0]);
}
