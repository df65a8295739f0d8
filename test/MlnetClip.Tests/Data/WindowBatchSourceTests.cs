using MlnetClip.Data;

namespace MlnetClip.Tests.Data;

[TestClass]
public sealed class WindowBatchSourceTests
{
    private const double Gap = double.NaN;
    private static readonly SeriesScaler Unscaled = new(SeriesScaling.None, 0, 1);

    [TestMethod]
    public void CutsWindowsTimeMajorWithTheirTargets()
    {
        var source = Windows.Of(new Series([0, 1, 2, 3, 4, 5]), Unscaled, windowSize: 3, horizon: 2, firstTarget: 0, end: 6);
        var batch = Fill(source, 0, 1);
        Assert.AreEqual(3, source.Count);
        Assert.AreSequenceEqual(new float[] { 0, 1, 1, 2, 2, 3 }, batch.Inputs.ToArray());
        Assert.AreSequenceEqual(new float[] { 3, 4, 4, 5 }, batch.Targets.ToArray());
        Assert.AreSequenceEqual(new float[] { 1, 1, 1, 1 }, batch.Weights.ToArray());
    }

    [TestMethod]
    public void MissingAndUnseenTargetsHaveNoWeight()
    {
        var source = Windows.Of(new Series([0, 1, 2, Gap, 4]), Unscaled, windowSize: 2, horizon: 2, firstTarget: 0, end: 5);
        var batch = Fill(source, 0, 1, 2);
        Assert.AreSequenceEqual(new float[] { 2, 0, 0, 4, 4, 0 }, batch.Targets.ToArray());
        Assert.AreSequenceEqual(new float[] { 1, 0, 0, 1, 1, 0 }, batch.Weights.ToArray());
        Assert.AreSequenceEqual(new float[] { 2, 2 }, new[] { batch.Inputs[2], batch.Inputs[5] }, "the gap in the last window is filled");
    }

    [TestMethod]
    public void WindowsWithoutAnyTargetAreLeftOut()
    {
        var source = Windows.Of(new Series([0, 1, Gap, Gap, 4, 5]), Unscaled, windowSize: 2, horizon: 1, firstTarget: 0, end: 6);
        Assert.AreEqual(2, source.Count);
        Assert.AreSequenceEqual(new float[] { 4, 5 }, Fill(source, 0, 1).Targets.ToArray());
    }

    [TestMethod]
    public void WindowsBeginAtTheFirstValue()
    {
        var source = Windows.Of(new Series([Gap, Gap, 2, 3, 4]), Unscaled, windowSize: 2, horizon: 1, firstTarget: 0, end: 5);
        Assert.AreEqual(1, source.Count);
        Assert.AreSequenceEqual(new float[] { 2, 3 }, Fill(source, 0).Inputs.ToArray());
    }

    [TestMethod]
    public void TrainingAndValidationShareNoTarget()
    {
        var series = new Series(Enumerable.Range(0, 20).Select(i => (double)i).ToArray());
        var training = Windows.Of(series, Unscaled, windowSize: 4, horizon: 3, firstTarget: 0, end: 15);
        var validation = Windows.Of(series, Unscaled, windowSize: 4, horizon: 3, firstTarget: 15, end: 20);
        Assert.AreEqual(14f, Targets(training).Max());
        Assert.AreEqual(15f, Targets(validation).Min());
        Assert.AreEqual(14f, Fill(validation, 0).Inputs[^1], "the first validation window ends with the training part");
    }

    [TestMethod]
    public void ScalesInputsAndTargetsFromTheWindowsLastValue()
    {
        var source = Windows.Of(
            new Series([1, 3, 7, 17]), new SeriesScaler(SeriesScaling.RelativeToLast, 0, 2), windowSize: 3, horizon: 1, firstTarget: 0, end: 4);
        var batch = Fill(source, 0);
        Assert.AreSequenceEqual(new float[] { -3, -2, 0 }, batch.Inputs.ToArray());
        Assert.AreSequenceEqual(new float[] { 5 }, batch.Targets.ToArray());
    }

    private static SequenceBatch Fill(WindowBatchSource source, params int[] indices)
    {
        var batch = new SequenceBatch(source.Shape, source.Count);
        source.Fill(indices, batch);
        return batch;
    }

    private static IEnumerable<float> Targets(WindowBatchSource source)
    {
        var batch = Fill(source, [.. Enumerable.Range(0, source.Count)]);
        var weights = batch.Weights.ToArray();
        return batch.Targets.ToArray().Where((_, i) => weights[i] > 0);
    }
}
