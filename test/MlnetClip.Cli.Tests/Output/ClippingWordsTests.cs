using MlnetClip.Cli.Output;
using MlnetClip.Clipping;

namespace MlnetClip.Cli.Tests.Output;

[TestClass]
public sealed class ClippingWordsTests
{
    private static readonly ClippingSummary Fit = new() { Clipping = "value:5+norm:1", Policy = "throw", Steps = 100, FiniteSteps = 100 };

    [TestMethod]
    public void TheSettingIsInTheWordsOfItsRulesInTheirOrder()
    {
        Assert.AreEqual("none: gradients are not clipped", ClippingWords.InWords(Fit));
        Assert.AreEqual("inside; then first; then second", ClippingWords.InWords(Fit with { BackpropClipping = ["inside"], Rules = ["first", "second"] }));
    }

    [TestMethod]
    public void TheVerdictIsTheFits()
    {
        StringAssert.StartsWith(ClippingWords.Verdict(Fit with { Rules = ["norm:1: ..."] }), "Never clipped");
        StringAssert.Contains(ClippingWords.Verdict(Fit with { Rules = ["norm:1: ..."], Steps = 103, SkippedSteps = 3 }), "3 of 103 steps had a gradient that was not finite");
    }
}
