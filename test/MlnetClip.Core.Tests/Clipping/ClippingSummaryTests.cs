namespace MlnetClip.Core.Tests.Clipping;

[TestClass]
public sealed class ClippingSummaryTests
{
    [TestMethod]
    [DataRow("norm:1", 0, false)]
    [DataRow("norm:1+normalize@head", 0, false)]
    [DataRow("value:0.5", 0, true)]
    [DataRow("norm:1+value:-1,2@head", 0, true)]
    [DataRow("aRuleThatIsNotRegisteredHere", 0, false)]
    [DataRow("aRuleThatIsNotRegisteredHere", 0.1, true)]
    public void ElementsAreLimitedWhereARuleIsByValueOrClampedSome(string clipping, double share, bool limits)
    {
        var summary = new ClippingSummary { Clipping = clipping, Policy = "throw", ShareOfElementsClamped = share, Rules = ["value: a text that is not data"] };

        Assert.AreEqual(limits, summary.LimitsElements);
    }
}
