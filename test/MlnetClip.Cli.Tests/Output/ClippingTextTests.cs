using MlnetClip.Cli.Output;
using MlnetClip.Clipping;

namespace MlnetClip.Cli.Tests.Output;

[TestClass]
public sealed class ClippingTextTests
{
    [TestMethod]
    [DataRow("none", "gradients are left as they are")]
    [DataRow("norm:1", "one norm over all parameters together is limited to 1")]
    [DataRow("value:0.5", "every element of the gradient is limited to ±0.5")]
    [DataRow("value:-0.1,0.5", "every element of the gradient is limited to the range -0.1 to 0.5")]
    [DataRow("value:5+norm-layer:1", "every element of the gradient is limited to ±5; then the norm of each layer on its own is limited to 1; the whole gradient has no limit")]
    public void SettingsInWords(string clipping, string words) => Assert.AreEqual(words, ClippingText.InWords(clipping));

    [TestMethod]
    [DataRow("none", false)]
    [DataRow("norm:1", false)]
    [DataRow("value:0.5", true)]
    [DataRow("norm:1+value:0.5", true)]
    public void ClampsWhereARuleIsByValue(string clipping, bool clamps) => Assert.AreEqual(clamps, ClippingText.Clamps(clipping));

    [TestMethod]
    [DataRow("none", 0, "were not clipped")]
    [DataRow("norm:1", 0, "the threshold had no effect")]
    [DataRow("norm:1", 90, "some steps were clipped")]
    [DataRow("norm:1", 91, "acts as a smaller learning rate")]
    public void VerdictsFollowTheShareOfSteps(string clipping, int clipped, string words) =>
        StringAssert.Contains(ClippingText.Verdict(new ClippingSummary { Clipping = clipping, Policy = "throw", Steps = 100, FiniteSteps = 100, ClippedSteps = clipped }), words);

    [TestMethod]
    public void NothingIsLearnedFromNothing() =>
        StringAssert.Contains(ClippingText.Verdict(new ClippingSummary { Clipping = "norm:1", Policy = "skip:10", Steps = 3 }), "nothing was learned");
}
