using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Tests.Output;

[TestClass]
public sealed class StepStatusTests
{
    [TestMethod]
    public void TheLinesHaveTheStepTheNormTheThresholdTheClippedShareAndTheTimeLeft()
    {
        var status = new StepStatus(steps: 400, before: 0);
        for (int i = 0; i < 100; i++) status.Add(Step(i, i % 4 == 0 ? 4 : 0.5));

        string[] lines = status.Lines(TimeSpan.FromSeconds(30)).Split('\n');

        Assert.AreEqual("step 100 of 400, learning rate 0.1, about 1:30 min left", lines[0]);
        StringAssert.StartsWith(lines[1], "norm 0.5000, threshold 1.000, 25% of 100 steps clipped  ▁");
        Assert.IsLessThanOrEqualTo(80, lines[1].Length);
    }

    [TestMethod]
    public void TheTimeLeftOfAResumedFitIsThatOfItsOwnSteps()
    {
        var status = new StepStatus(steps: 400, before: 200);
        for (int i = 200; i < 300; i++) status.Add(Step(i, 1));

        StringAssert.StartsWith(status.Lines(TimeSpan.FromHours(2)), "step 300 of 400, learning rate 0.1, about 2:00:00 h left\n");
    }

    [TestMethod]
    public void ASparklineKeepsEverySpike()
    {
        var line = new Sparkline();
        for (int i = 0; i < 10_000; i++) line.Add(i == 5_000 ? 1000 : 1);

        string bars = line.ToString();

        Assert.IsLessThanOrEqualTo(Sparkline.Width, bars.Length);
        Assert.AreEqual(1, bars.Count(bar => bar == '█'));
        Assert.AreEqual(bars.Length / 2.0, bars.IndexOf('█'), 3);
        Assert.AreEqual(bars.Length - 1, bars.Count(bar => bar == '▁'));
    }

    [TestMethod]
    public void StepsWithoutAFiniteNormAreSpaces()
    {
        var line = new Sparkline();
        foreach (double norm in new[] { 1, double.NaN, 10 }) line.Add(norm);

        Assert.AreEqual("▁ █", line.ToString());
    }

    private static StepReport Step(long step, double norm) =>
        new(step, 1, 0, 1, 0.1f, new ClipReport { NormBefore = norm, NormAfter = Math.Min(norm, 1), Threshold = 1, Changed = norm > 1 });
}
