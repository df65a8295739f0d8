using MlnetClip.Optimizers;
using MlnetClip.Settings;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Optimizers;

/// <summary>Learning-rate schedules, worked by hand, and their text forms.</summary>
[TestClass]
public sealed class LearningRateScheduleTests
{
    public static IEnumerable<object[]> IllegalTexts =>
        from option in new (string Text, OptionRange Range)[]
        {
            ("step:factor", LearningRateSchedule.Ranges[1]),
            ("cosine:floor", LearningRateSchedule.Ranges[2]),
        }
        from value in IllegalValues.Of(option.Range)
        select new object[] { FormattableString.Invariant($"{option.Text}={value:R}") };

    [TestMethod]
    [DataRow("constant", 5, 50L, 1.0)]
    [DataRow("step:every=2", 0, 0L, 1.0)]
    [DataRow("step:every=2", 1, 10L, 1.0)]
    [DataRow("step:every=2", 2, 20L, 0.5)]
    [DataRow("step:every=2,factor=0.1", 7, 70L, 0.001)]
    [DataRow("cosine", 0, 0L, 1.0)]
    [DataRow("cosine", 5, 50L, 0.5)]
    [DataRow("cosine", 10, 100L, 0.0)]
    [DataRow("cosine", 12, 120L, 0.0)]
    [DataRow("cosine:floor=0.2", 5, 50L, 0.6)]
    [DataRow("cosine:floor=0.2", 10, 100L, 0.2)]
    [DataRow("constant:warmup=4", 0, 0L, 0.25)]
    [DataRow("constant:warmup=4", 0, 2L, 0.75)]
    [DataRow("constant:warmup=4", 0, 3L, 1.0)]
    [DataRow("constant:warmup=4", 0, 4L, 1.0)]
    [DataRow("step:every=1,warmup=4", 1, 1L, 0.25)]
    public void FactorsAsWorkedByHand(string text, int epoch, long step, double expected) =>
        Assert.AreEqual(expected, LearningRateSchedule.Parse(text).Factor(epoch, step, totalSteps: 100), 1e-7);

    [TestMethod]
    [DataRow("constant")]
    [DataRow("constant:warmup=100")]
    [DataRow("step")]
    [DataRow("step:every=3,factor=0.25,warmup=7")]
    [DataRow("cosine:floor=0.01,warmup=7")]
    public void TextFormsRoundTrip(string text)
    {
        Assert.AreEqual(text, LearningRateSchedule.Parse(text).ToString());
        Assert.AreEqual(LearningRateSchedule.Parse(text), LearningRateSchedule.Parse(text));
    }

    [TestMethod]
    public void FactoriesAndTextFormsMeanTheSame()
    {
        Assert.AreEqual(LearningRateSchedule.Parse("constant"), LearningRateSchedule.Constant);
        Assert.AreEqual(LearningRateSchedule.Parse("step:every=3,factor=0.25"), LearningRateSchedule.StepDecay(3, 0.25f));
        Assert.AreEqual(LearningRateSchedule.Parse("cosine:floor=0.1,warmup=5"), LearningRateSchedule.Cosine(0.1f).WithWarmUp(5));
        Assert.AreNotEqual(LearningRateSchedule.Parse("cosine"), LearningRateSchedule.Constant);
    }

    [TestMethod]
    [DynamicData(nameof(IllegalTexts))]
    [DataRow("step:every=0")]
    [DataRow("constant:warmup=-1")]
    public void RefusesValuesOutsideTheirRange(string text) =>
        Assert.Throws<SettingFormatException>(() => LearningRateSchedule.Parse(text));

    [TestMethod]
    public void FactoriesRefuseValuesOutsideTheirRange()
    {
        foreach (float value in IllegalValues.Of(LearningRateSchedule.Ranges[1]))
            Assert.Throws<ArgumentException>(() => LearningRateSchedule.StepDecay(factor: value), $"factor {value}");
        foreach (float value in IllegalValues.Of(LearningRateSchedule.Ranges[2]))
            Assert.Throws<ArgumentException>(() => LearningRateSchedule.Cosine(value), $"floor {value}");
        Assert.Throws<ArgumentException>(() => LearningRateSchedule.StepDecay(everyEpochs: 0));
        Assert.Throws<ArgumentException>(() => LearningRateSchedule.Constant.WithWarmUp(-1));
    }

    [TestMethod]
    [DataRow("linear", 0, "'linear' is not known")]
    [DataRow("cosine:every=3", 7, "'every' is not an option here")]
    [DataRow("step:every=2.5", 11, "every must be a whole number from 1 to 2147483647, got 2.5")]
    public void SaysWhatIsWrongWithATextAndWhere(string text, int position, string problem)
    {
        var error = Assert.Throws<SettingFormatException>(() => LearningRateSchedule.Parse(text));

        Assert.AreEqual(position, error.Position);
        StringAssert.Contains(error.Message, problem);
    }
}
