using ExplodingGradients;
using MlnetClip.Data;

namespace MlnetClip.Core.Tests.Samples;

/// <summary>The sample's task is the one of the papers; that clipping solves it is tested by running the sample.</summary>
[TestClass]
public sealed class TemporalOrderTests
{
    [TestMethod]
    public void TheClassIsTheOrderOfTheTwoSymbols()
    {
        var task = new TemporalOrder(seed: 5, count: 200, timeSteps: 30);
        var batch = new SequenceBatch(task.Shape, 200);
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
            Assert.IsTrue(marks[0].Step is >= 3 and < 6 && marks[1].Step is >= 15 and < 18, $"{marks[0].Step}, {marks[1].Step}");
            int label = (int)batch.Targets[b];
            Assert.AreEqual((2 * marks[0].Symbol) + marks[1].Symbol, label);
            classes[label]++;
        }

        Assert.IsTrue(classes.All(c => c > 30), string.Join(", ", classes));
    }
}
