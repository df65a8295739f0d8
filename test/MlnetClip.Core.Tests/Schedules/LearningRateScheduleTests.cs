using MlnetClip.Schedules;
using MlnetClip.Optimizers;
using MlnetClip.Settings;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Schedules;

/// <summary>Learning-rate schedules, worked by hand, and their text forms.</summary>
[TestClass]
public sealed class LearningRateScheduleTests
{
    public static IEnumerable<object[]> IllegalTexts =>
        from option in new (string Text, OptionRange Range)[]
        {
            ("step:factor", ScheduleRanges.Factor),
            ("cosine:floor", ScheduleRanges.Floor),
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
    [DataRow("1..0.2/100steps", 5, 50L, 0.6)]
    [DataRow("1..0.2/10epochs", 5, 50L, 0.6)]
    [DataRow("1..0/100steps/cosine", 5, 50L, 0.5)]
    [DataRow("1..0.5/100steps/warmup=4", 0, 1L, 0.4975)]
    [DataRow("0.5", 3, 30L, 0.5)]
    public void FactorsAsWorkedByHand(string text, int epoch, long step, double expected) =>
        Assert.AreEqual(expected, Schedule.Parse(text).At(step, epoch, totalSteps: 100), 1e-7);

    [TestMethod]
    [DataRow("constant")]
    [DataRow("constant:warmup=100")]
    [DataRow("step")]
    [DataRow("step:every=3,factor=0.25,warmup=7")]
    [DataRow("cosine:floor=0.01,warmup=7")]
    [DataRow("0.5")]
    [DataRow("1..0.1/20epochs")]
    [DataRow("1..0.1/1000steps/cosine")]
    [DataRow("1..0.1/1000steps/cosine/warmup=50")]
    public void TextFormsRoundTrip(string text)
    {
        Assert.AreEqual(text, Schedule.Parse(text).ToString());
        Assert.AreEqual(Schedule.Parse(text), Schedule.Parse(text));
    }

    [TestMethod]
    public void FactoriesAndTextFormsMeanTheSame()
    {
        Assert.AreEqual(Schedule.Parse("constant"), Schedule.Constant());
        Assert.AreEqual(Schedule.Parse("step:every=3,factor=0.25"), Schedule.StepDecay(3, 0.25f));
        Assert.AreEqual(Schedule.Parse("cosine:floor=0.1,warmup=5"), Schedule.CosineToEnd(0.1f).WithWarmUp(5));
        Assert.AreNotEqual(Schedule.Parse("cosine"), Schedule.Constant());
    }

    [TestMethod]
    [DynamicData(nameof(IllegalTexts))]
    [DataRow("step:every=0")]
    [DataRow("constant:warmup=-1")]
    public void RefusesValuesOutsideTheirRange(string text) =>
        Assert.Throws<SettingFormatException>(() => Schedule.Parse(text));

    [TestMethod]
    public void FactoriesRefuseValuesOutsideTheirRange()
    {
        foreach (float value in IllegalValues.Of(ScheduleRanges.Factor))
            Assert.Throws<ArgumentException>(() => Schedule.StepDecay(factor: value), $"factor {value}");
        foreach (float value in IllegalValues.Of(ScheduleRanges.Floor))
            Assert.Throws<ArgumentException>(() => Schedule.CosineToEnd(value), $"floor {value}");
        Assert.Throws<ArgumentException>(() => Schedule.StepDecay(everyEpochs: 0));
        Assert.Throws<ArgumentException>(() => Schedule.Constant().WithWarmUp(-1));
    }

    [TestMethod]
    [DataRow("linear", 0, "'linear' is not known")]
    [DataRow("2xmean/200steps", 0, "only limits of norms and values can")]
    [DataRow("1..-0.1/20epochs", 3, "value must be 0 or more, got -0.1")]
    [DataRow("1..0.1", 6, "the length is missing")]
    [DataRow("1..0.1/20epochs/warmup=-1", 23, "warmup must be a whole number from 0 to 2147483647")]
    [DataRow("cosine:every=3", 7, "'every' is not an option here")]
    [DataRow("step:every=2.5", 11, "every must be a whole number from 1 to 2147483647, got 2.5")]
    public void SaysWhatIsWrongWithATextAndWhere(string text, int position, string problem)
    {
        var error = Assert.Throws<SettingFormatException>(() => Schedule.Parse(text));

        Assert.AreEqual(position, error.Position);
        StringAssert.Contains(error.Message, problem);
    }
}
