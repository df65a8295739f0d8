using MlnetClip.Data;

namespace MlnetClip.Tests.Data;

/// <summary>What the network reads of windows with covariates, and which targets count.</summary>
[TestClass]
public sealed class WindowEncoderTests
{
    private static readonly SeriesScaler Unscaled = new(SeriesScaling.None, 0, 1);

    /// <summary>A window of 2 rows and a horizon of 2: a target, a past, a future, a calendar and a static channel, and whether a row is in the horizon.</summary>
    private static readonly WindowLayout Layout = new(2, 2, Targets: 1, Past: 1, Future: 1, Calendar: 1, Static: 1);

    private static readonly WindowEncoder Encoder = new(Layout, [""], [[Unscaled]], [Unscaled], [new(1, 2), new(0, 10), new(5, 5)]);

    private static SeriesGroup Group(params double[] values)
    {
        double[] rows = [.. values.Select((_, t) => (double)t)];
        return new("", [new Series([.. values])], [[.. rows.Select(t => 1 + (2 * t))], [.. rows.Select(t => 10 * t)]], [rows], [20], values.Length);
    }

    [TestMethod]
    public void EveryChannelIsAtItsPlaceAndTheHorizonHasNoTargets()
    {
        var source = new WindowBatchSource([Group(3, 4, 5, 6)], Encoder, group => (0, group.Length));
        SequenceBatch batch = new(source.Shape, 2);
        batch.Inputs.Fill(99); // what an earlier batch left
        batch.Targets.Fill(99);
        batch.Weights.Fill(1);
        source.Fill([0], batch);
        Assert.AreSequenceEqual(
            new float[]
            {
                3, 0, 0, 0, 3, 0,
                4, 1, 1, 1, 3, 0,
                0, 0, 2, 2, 3, 1,
                0, 0, 3, 3, 3, 1,
            }, batch.Inputs.ToArray());
        Assert.AreSequenceEqual(new float[] { 0, 0, 5, 6 }, batch.Targets.ToArray());
        Assert.AreSequenceEqual(new float[] { 0, 0, 1, 1 }, batch.Weights.ToArray());
    }

    [TestMethod]
    public void WhatIsMissingIsTheMean()
    {
        var window = new double[Layout.Length];
        window.AsSpan().Fill(double.NaN);
        (window[0], window[1]) = (7, 8);
        var inputs = new float[Layout.TimeSteps * Layout.Features];
        Encoder.Encode(window, inputs, Layout.Features, new WindowScale[1]);
        Assert.AreSequenceEqual(new float[] { 7, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1 }, inputs);
    }

    /// <summary>Two targets, of which the second is observed rarely: its age decides in training and in prediction alike.</summary>
    [TestMethod]
    public void TheOldestObservationOfAllTargetsDecides()
    {
        const double gap = double.NaN;
        double[][] targets = [[0, 1, 2, 3, 4, 5, 6], [0, 1, gap, gap, 4, gap, 6]];
        var encoder = new WindowEncoder(new WindowLayout(2, 1, Targets: 2), [""], [[Unscaled, Unscaled]], [Unscaled, Unscaled], []);
        var source = new WindowBatchSource([new SeriesGroup("", [.. targets.Select(values => new Series([.. values]))], [], [], [], 7)], encoder, group => (0, group.Length), maximumGap: 1);
        int[] trained = [.. Enumerable.Range(0, source.Count).Select(i => source[i].Origin)];
        Assert.AreSequenceEqual(new[] { 1, 2, 4, 5 }, trained, "at row 3 the second target is two rows old");
        var window = new SlidingWindow(encoder.Layout, maximumGap: 1);
        var ready = new List<int>();
        for (int row = 0; row < 6; row++)
        {
            window.Push([targets[0][row], targets[1][row]], [], [], [], []);
            if (window.IsReady) ready.Add(row);
        }

        Assert.AreSequenceEqual(trained, ready.ToArray());
    }

    [TestMethod]
    public void RowsCountFromTheFirstObservationOfEveryTargetOn()
    {
        var window = new SlidingWindow(new WindowLayout(2, 1, Targets: 2), maximumGap: 9);
        var ready = new List<bool>();
        foreach (var (a, b) in new[] { (1.0, double.NaN), (2, double.NaN), (3, 30), (4, 40) })
        {
            window.Push([a, b], [], [], [], []);
            ready.Add(window.IsReady);
        }

        Assert.AreSequenceEqual(new[] { false, false, false, true }, ready.ToArray());
        var vector = new double[4];
        window.CopyTo(vector);
        Assert.AreSequenceEqual(new double[] { 3, 4, 30, 40 }, vector);
    }
}
