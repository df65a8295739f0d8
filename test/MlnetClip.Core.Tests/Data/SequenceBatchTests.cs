using MlnetClip.Data;

namespace MlnetClip.Core.Tests.Data;

/// <summary>Sizes, padding and copies of a batch.</summary>
[TestClass]
public sealed class SequenceBatchTests
{
    private static readonly BatchShape Steps = new(TimeSteps: 4, Features: 2, Targets: 3, EveryStep: true, Ids: 1);
    private static readonly BatchShape Whole = new(TimeSteps: 4, Features: 2, Targets: 3, Ids: 1);

    [TestMethod]
    public void SizesFollowShapeAndBatch()
    {
        var batch = new SequenceBatch(Steps, 5);
        Assert.AreEqual((40, 20, 5, 60, 60), (batch.Inputs.Length, batch.Ids.Length, batch.Lengths.Length, batch.Targets.Length, batch.Weights.Length));
        Assert.AreEqual(15, new SequenceBatch(Whole, 5).Targets.Length);
        Assert.IsTrue(batch.IsFull);
        batch.Resize(2);
        Assert.AreEqual((16, 2), (batch.Inputs.Length, batch.Lengths.Length));
    }

    [TestMethod]
    public void TrimmingGoesDownToTheLongestSequence()
    {
        var batch = new SequenceBatch(Steps, 3);
        batch.Lengths[0] = 1;
        batch.Lengths[1] = 3;
        batch.Lengths[2] = 2;
        batch.TrimToLongest();
        Assert.AreEqual((3, 3, 18), (batch.TimeSteps, batch.TargetSteps, batch.Inputs.Length));
        Assert.IsFalse(batch.IsFull);
        batch.Resize(3);
        Assert.AreEqual(4, batch.TimeSteps);
        Assert.IsTrue(batch.IsFull);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(5)]
    public void ALengthOutsideItsRangeIsRefused(int length)
    {
        var batch = new SequenceBatch(Steps, 3);
        batch.Lengths[1] = length;
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(batch.TrimToLongest).Message, $"1 to 4 time steps, but sequence 1 has {length}");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void PaddingIsClearedAndNothingElse(bool everyStep)
    {
        SequenceBatch batch = Numbered(everyStep ? Steps : Whole, 3);
        batch.Lengths[0] = 2;
        batch.Lengths[2] = 1;
        batch.ClearPadding();
        SequenceBatch before = Numbered(batch.Shape, 3);
        for (int t = 0; t < 4; t++)
        {
            for (int b = 0; b < 3; b++)
            {
                bool valid = t < batch.Lengths[b];
                int row = (t * 3) + b;
                Assert.AreEqual(valid ? before.Inputs[row * 2] : 0, batch.Inputs[row * 2]);
                Assert.AreEqual(valid ? before.Ids[row] : 0, batch.Ids[row]);
                if (everyStep) Assert.AreEqual(valid ? before.Targets[row * 3] : 0, batch.Targets[row * 3]);
                if (everyStep) Assert.AreEqual(valid ? 1f : 0f, batch.Weights[(row * 3) + 2]);
            }
        }

        if (!everyStep) Assert.IsTrue(batch.Targets.SequenceEqual(before.Targets));
    }

    [TestMethod]
    public void CopiesAndClosingUpKeepWhatBelongsToASequence()
    {
        foreach (BatchShape shape in new[] { Steps, Whole })
        {
            SequenceBatch source = Numbered(shape, 5), target = new(shape, 3);
            source.Lengths[4] = 2;
            source.CopySequence(4, target, 0);
            source.CopySequence(1, target, 1);
            source.CopySequence(0, target, 2);
            target.KeepFirst(2);
            Assert.AreEqual((2, 2, 4), (target.BatchSize, target.Lengths[0], target.Lengths[1]));
            for (int t = 0; t < 4; t++)
            {
                if (t < 2) Assert.AreEqual(source.Inputs[(((t * 5) + 4) * 2) + 1], target.Inputs[(t * 2 * 2) + 1]);
                Assert.AreEqual(source.Inputs[((t * 5) + 1) * 2], target.Inputs[((t * 2) + 1) * 2]);
                Assert.AreEqual(source.Ids[(t * 5) + 1], target.Ids[(t * 2) + 1]);
                if (t < source.TargetSteps) Assert.AreEqual(source.Targets[((t * 5) + 1) * 3], target.Targets[((t * 2) + 1) * 3]);
            }
        }
    }

    [TestMethod]
    public void IllegalSizesAreRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SequenceBatch(Steps, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SequenceBatch(new BatchShape(0, 1, 1), 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SequenceBatch(new BatchShape(1, 0, 1), 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SequenceBatch(new BatchShape(1, 1, 0), 1));
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SequenceBatch(new BatchShape(100_000, 100, 1), 1000)).Message, "has 10000000000 values");
        var batch = new SequenceBatch(Steps, 2);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => batch.Resize(3));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => batch.CopySequence(2, batch, 0));
        Assert.ThrowsExactly<ArgumentException>(() => batch.CopySequence(0, new SequenceBatch(Whole, 2), 0));
    }

    private static SequenceBatch Numbered(BatchShape shape, int size)
    {
        var batch = new SequenceBatch(shape, size);
        for (int i = 0; i < batch.Inputs.Length; i++) batch.Inputs[i] = i + 1;
        for (int i = 0; i < batch.Ids.Length; i++) batch.Ids[i] = i + 1;
        for (int i = 0; i < batch.Targets.Length; i++) batch.Targets[i] = i + 1;
        return batch;
    }
}
