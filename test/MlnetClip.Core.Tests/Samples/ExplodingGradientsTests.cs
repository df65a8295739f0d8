using ExplodingGradients;
using MlnetClip.Data;

namespace MlnetClip.Core.Tests.Samples;

/// <summary>A small version of the sample: clipping solves temporal order where training without it gets stuck.</summary>
[TestClass]
public sealed class ExplodingGradientsTests
{
    [TestMethod]
    public void ShortSequencesAreLearnedWithAndWithoutClipping()
    {
        foreach (GradientClipping clipping in (GradientClipping[])[GradientClipping.None, GradientClipping.ByGlobalNorm(1)])
        {
            using Trial trial = new Trial(10, clipping, seed: 1, maxSteps: 6000).Run();
            Assert.IsTrue(trial.Succeeded, $"{clipping}: {trial.Errors:P1} errors after {trial.Steps} steps");
        }
    }

    [TestMethod]
    public void LongerSequencesAreLearnedWithClippingOnly()
    {
        // Three quick seeds. Which of them succeed may differ between processors, hence two of three.
        int without = Successes(GradientClipping.None), with = Successes(GradientClipping.ByGlobalNorm(1));
        Assert.IsTrue(with >= 2 && without <= 1, $"of 3 seeds {with} succeeded with clipping, {without} without");

        static int Successes(GradientClipping clipping)
        {
            int successes = 0;
            for (int seed = 3; seed <= 5; seed++)
            {
                using Trial trial = new Trial(40, clipping, seed, maxSteps: 8_000).Run();
                if (trial.Succeeded) successes++;
            }

            return successes;
        }
    }

    [TestMethod]
    public void TheClassIsTheOrderOfTheTwoSymbols()
    {
        var task = new TemporalOrder(seed: 5, count: 200, timeSteps: 30);
        var batch = new SequenceBatch(30, 200, TemporalOrder.Symbols, TemporalOrder.Classes);
        task.Fill([.. Enumerable.Range(0, 200)], batch);
        var classes = new int[TemporalOrder.Classes];
        for (int b = 0; b < 200; b++)
        {
            var marks = new List<(int Step, int Symbol)>();
            for (int t = 0; t < 30; t++)
            {
                ReadOnlySpan<float> symbol = batch.Inputs.Slice(((t * 200) + b) * TemporalOrder.Symbols, TemporalOrder.Symbols);
                Assert.AreEqual(1f, symbol.ToArray().Sum());
                if (symbol.IndexOf(1f) < 2) marks.Add((t, symbol.IndexOf(1f)));
            }

            Assert.HasCount(2, marks);
            Assert.IsTrue(marks[0].Step is >= 3 and < 6 && marks[1].Step is >= 12 and < 15, $"{marks[0].Step}, {marks[1].Step}");
            int label = batch.Targets.Slice(b * TemporalOrder.Classes, TemporalOrder.Classes).IndexOf(1f);
            Assert.AreEqual((2 * marks[0].Symbol) + marks[1].Symbol, label);
            classes[label]++;
        }

        Assert.IsTrue(classes.All(c => c > 30), string.Join(", ", classes));
    }
}
