using MlnetClip.Search.Planning;
using MlnetClip.Search.Spaces;

namespace MlnetClip.Search.Tests.Planning;

[TestClass]
public sealed class ClippingSpaceTests
{
    private static readonly UnclippedFit Measured = UnclippedFit.Of(UnclippedFitTests.With(
        (TrialMeasures.NormSteps, 10), (TrialMeasures.NormMean, 2), (TrialMeasures.NormQuantile(50), 1), (TrialMeasures.NormQuantile(90), 4), (TrialMeasures.Parameters, 10_000)));

    [TestMethod]
    public void TheNormFollowsFromTheCalibration()
    {
        Assert.AreEqual("norm=log:0.1..20", new ClippingSpace().Build(Measured).ToString());
        Assert.AreEqual("norm=log:0.01..100", new ClippingSpace().Build(null).ToString());
        Assert.AreEqual("norm=log:0.5..2", new ClippingSpace { Range = (0.5, 2) }.Build(Measured).ToString());
    }

    [TestMethod]
    public void AValueIsTheNormOverTheRootOfItsElements() =>
        Assert.AreEqual("value=log:0.001..2", new ClippingSpace { Rules = [SearchedRule.Value] }.Build(Measured).ToString());

    [TestMethod]
    public void SeveralRulesAreAChoiceWithAThresholdEach()
    {
        var space = new ClippingSpace { Rules = Enum.GetValues<SearchedRule>(), LearningRates = (0.001, 0.1), BatchSizes = [16, 64] };
        SearchSpace built = space.Build(Measured);

        Assert.IsFalse(space.IsLine);
        StringAssert.StartsWith(built.ToString(), "rule=norm|value|agc|autoclip|zclip; norm=log:0.1..20 when rule=norm");
        string[] clippings = [.. Enumerable.Range(0, 5).Select(rule => space.ClippingAt(built.FromUnits(i => i == 0 ? (rule + 0.5) / 5 : 0.5)).ToString())];
        CollectionAssert.AreEqual(
            new[] { "norm", "value", "agc", "autoclip", "zclip" }, clippings.Select(clipping => clipping.Split(':')[0]).ToArray(), string.Join(' ', clippings));
    }

    [TestMethod]
    public void APointBecomesSettings()
    {
        var space = new ClippingSpace { LearningRates = (0.001, 0.1), BatchSizes = [16, 64] };
        SearchPoint point = space.Build(Measured).Read("norm=0.5; learning_rate=0.01; batch_size=64");

        Assert.AreEqual(new TrialSettings(GradientClipping.ByGlobalNorm(0.5), 0.01f, 64), space.SettingsAt(point));
        Assert.AreEqual(new TrialSettings(GradientClipping.None, null, null), space.SettingsAt(SearchPoint.Empty));
        Assert.AreEqual((SearchedRule.GlobalNorm, 0.5), (space.RuleAt(point)!.Value, space.ThresholdAt(point)!.Value));
    }

    [TestMethod]
    public void TheEmptyPointIsTrainingWithoutClipping()
    {
        Assert.AreEqual(GradientClipping.None, new ClippingSpace().ClippingAt(SearchPoint.Empty));
        Assert.IsNull(new ClippingSpace().ThresholdAt(SearchPoint.Empty));
    }

    [TestMethod]
    public void EveryThresholdOfTheSpaceIsALegalSetting()
    {
        foreach (SearchedRule rule in Enum.GetValues<SearchedRule>())
        {
            var space = new ClippingSpace { Rules = [rule] };
            foreach (double unit in new[] { 0, 0.3, 0.99999999 })
            {
                SearchPoint point = space.Build(Measured).FromUnits(_ => unit);
                Assert.AreEqual($"{space.ClippingAt(point)}", $"{GradientClipping.Parse($"{space.ClippingAt(point)}")}");
                Assert.IsTrue(space.ThresholdAt(point) > 0);
            }
        }
    }
}
