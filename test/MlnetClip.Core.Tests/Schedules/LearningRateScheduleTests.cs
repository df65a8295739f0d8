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
    [DataRow("1..0.01/100steps/exponential", 0, 0L, 1.0)]
    [DataRow("1..0.01/100steps/exponential", 5, 50L, 0.1)]
    [DataRow("1..0.01/10epochs/exponential", 15, 150L, 0.01)]
    [DataRow("exponential", 2, 20L, 0.9025)]
    [DataRow("exponential:factor=0.5", 3, 30L, 0.125)]
    [DataRow("restarts:epochs=4", 2, 20L, 0.5)]
    [DataRow("restarts:epochs=4", 4, 40L, 1.0)]
    [DataRow("restarts:epochs=4", 403, 4030L, 0.14644661)]
    [DataRow("restarts:epochs=2,multiply=2,floor=0.2", 1, 10L, 0.6)]
    [DataRow("restarts:epochs=2,multiply=2,floor=0.2", 4, 40L, 0.6)]
    [DataRow("restarts:epochs=2,multiply=2,floor=0.2", 6, 60L, 1.0)]
    [DataRow("restarts:epochs=2,multiply=2,floor=0.2", 10, 100L, 0.6)]
    [DataRow("restarts:steps=20", 9, 30L, 0.5)]
    [DataRow("one-cycle", 0, 0L, 0.04)]
    [DataRow("one-cycle", 2, 29L, 1.0)]
    [DataRow("one-cycle", 6, 64L, 0.500002)]
    [DataRow("one-cycle", 9, 99L, 4e-6)]
    [DataRow("one-cycle", 12, 120L, 4e-6)]
    [DataRow("one-cycle:rise=0.5,start=0,end=0.1", 4, 49L, 1.0)]
    [DataRow("plateau", 5, 50L, 1.0)]
    [DataRow("plateau:warmup=4", 0, 0L, 0.25)]
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
    [DataRow("1..0.1/1000steps/exponential")]
    [DataRow("1..0.1/20epochs/exponential/warmup=50")]
    [DataRow("exponential")]
    [DataRow("exponential:factor=0.9,warmup=3")]
    [DataRow("restarts:epochs=10")]
    [DataRow("restarts:steps=500,multiply=2,floor=0.1,warmup=3")]
    [DataRow("one-cycle")]
    [DataRow("one-cycle:rise=0.2,start=0.1,end=0.001,warmup=3")]
    [DataRow("plateau")]
    [DataRow("plateau:patience=3,factor=0.1,floor=0.01,delta=0.5,warmup=3")]
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
    public void TheNewFactoriesMeanWhatTheirTextsMean()
    {
        Assert.AreEqual(Schedule.Parse("2..0.1/20steps/exponential"), Schedule.Exponential(2, 0.1, steps: 20));
        Assert.AreEqual(Schedule.Parse("exponential:factor=0.9"), Schedule.ExponentialDecay(0.9f));
        Assert.AreEqual(Schedule.Parse("restarts:epochs=3,multiply=2,floor=0.5"), Schedule.WarmRestarts(epochs: 3, multiply: 2, floor: 0.5f));
        Assert.AreEqual(Schedule.Parse("one-cycle:rise=0.3,start=0.04,end=4e-06"), Schedule.OneCycle());
        Assert.AreEqual(Schedule.Parse("plateau:patience=2,factor=0.1"), Schedule.ReduceOnPlateau(2, 0.1f));
        Assert.IsTrue(Schedule.ReduceOnPlateau().NeedsValidationLoss);
    }

    /// <summary>PyTorch's OneCycleLR as its code has it: phases end at pct_start * total - 1 and total - 1.</summary>
    [TestMethod]
    [DataRow(100, 0.3f)]
    [DataRow(37, 0.25f)]
    [DataRow(4, 0.3f)]
    public void OneCycleFollowsPyTorch(int total, float rise)
    {
        Schedule schedule = Schedule.OneCycle(rise);
        double[] ends = [(rise * (double)total) - 1, total - 1], values = [1 / 25.0, 1, 1 / 25.0 / 1e4];
        for (int step = 0; step < total; step++)
        {
            double start = 0;
            for (int phase = 0; phase < 2; phase++)
            {
                if (step <= ends[phase] || phase == 1)
                {
                    double share = (step - start) / (ends[phase] - start);
                    double expected = values[phase + 1] + ((values[phase] - values[phase + 1]) / 2 * (Math.Cos(Math.PI * share) + 1));
                    Assert.AreEqual(expected, schedule.At(step, 0, total), 1e-7, $"step {step} of {total}");
                    break;
                }

                start = ends[phase];
            }
        }
    }

    [TestMethod]
    [DataRow("plateau:patience=2", "5 4 3 3 3 3 3", 0.25)]
    [DataRow("plateau:patience=2", "5 4 3 3 3 2 2", 0.5)]
    [DataRow("plateau:patience=2,delta=0.5", "5 4.6 4.55 4.2", 0.5)]
    [DataRow("plateau:patience=1,factor=0.1", "5 5 5 5", 0.001)]
    [DataRow("plateau:patience=1,factor=0.1,floor=0.05", "5 5 5 5", 0.05)]
    [DataRow("plateau:patience=2", "5 NaN NaN", 0.5)]
    [DataRow("constant", "5 5 5 5", 1.0)]
    public void APlateauReducesTheFactor(string text, string losses, double expected)
    {
        EpochReport[] history = [.. losses.Split(' ').Select((loss, i) => new EpochReport(i + 1, 0, double.Parse(loss, System.Globalization.CultureInfo.InvariantCulture), false, 0, 0, 0, 0, 0))];
        Assert.AreEqual(expected, Schedule.Parse(text).AfterPlateaus(history), 1e-7);
    }

    [TestMethod]
    [DynamicData(nameof(IllegalTexts))]
    [DataRow("step:every=0")]
    [DataRow("constant:warmup=-1")]
    [DataRow("restarts")]
    [DataRow("restarts:epochs=2,steps=3")]
    [DataRow("restarts:epochs=2,multiply=1.5")]
    [DataRow("one-cycle:rise=0")]
    [DataRow("plateau:factor=1")]
    [DataRow("0..1/20steps/exponential")]
    [DataRow("1..0/20steps/exponential")]
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
