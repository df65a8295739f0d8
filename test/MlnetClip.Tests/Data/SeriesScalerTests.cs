using MlnetClip.Data;

namespace MlnetClip.Tests.Data;

[TestClass]
public sealed class SeriesScalerTests
{
    [TestMethod]
    public void RelativeToLastDividesByTheRootMeanSquareOfTheDistancesFromTheLastValue()
    {
        // Windows of 3 in the first four rows: (1 2 4) is 3 and 2 away from its last value, (2 4 8) is 6 and 4 away.
        var scaler = SeriesScaler.Learn(SeriesScaling.RelativeToLast, new Series([1, 2, 4, 8, 1000]), end: 4, windowSize: 3);
        Assert.AreEqual(Math.Sqrt((9 + 4 + 36 + 16) / 4.0), scaler.Scale, 1e-12);
        Assert.AreEqual(4, scaler.ToNetwork([1, 2, 4], new float[3]).Origin);
    }

    [TestMethod]
    public void StandardizeUsesTheObservedValuesOfTheTrainingPart()
    {
        var scaler = SeriesScaler.Learn(SeriesScaling.Standardize, new Series([double.NaN, 1, double.NaN, 5, 1000]), end: 4, windowSize: 2);
        Assert.AreEqual(3, scaler.Mean);
        Assert.AreEqual(2, scaler.Scale);
        Assert.AreEqual(3, scaler.ToNetwork([1, 5], new float[2]).Origin);
    }

    [TestMethod]
    public void NoneLeavesValuesAsTheyAre()
    {
        var scaler = SeriesScaler.Learn(SeriesScaling.None, new Series([1, 5]), end: 2, windowSize: 2);
        Assert.AreEqual(7f, scaler.ToNetwork([1, 5], new float[2]).ToNetwork(7));
    }

    [TestMethod]
    [DataRow(SeriesScaling.RelativeToLast)]
    [DataRow(SeriesScaling.Standardize)]
    [DataRow(SeriesScaling.None)]
    [DataRow(SeriesScaling.Robust)]
    [DataRow(SeriesScaling.PerWindow)]
    [DataRow(SeriesScaling.SeasonalDifference)]
    public void ToDataUndoesToNetwork(SeriesScaling scaling)
    {
        double[] values = [.. Forecasts.Wave(40, level: 1e4)];
        var scaler = SeriesScaler.Learn(scaling, new Series([.. values]), values.Length, windowSize: 5, season: 4);
        ReadOnlySpan<double> history = values.AsSpan(7 - scaler.Lag, 5 + scaler.Lag);
        WindowScale window = scaler.ToNetwork(history, new float[5]);
        for (int h = 0; h < 12; h++)
        {
            WindowScale scale = scaler.At(history, window, h);
            foreach (double value in values) Assert.AreEqual(value, scale.ToData(scale.ToNetwork(value)), 2e-3);
        }
    }

    [TestMethod]
    public void HugeValuesDoNotOverflow()
    {
        var scaler = SeriesScaler.Learn(SeriesScaling.RelativeToLast, new Series([3e38f, -3e38f, 3e38f]), end: 3, windowSize: 2);
        Assert.AreEqual(-1f, new WindowScale(3e38f, scaler.Scale).ToNetwork(-3e38f), 1e-6f);
    }

    [TestMethod]
    public void PerWindowStandardizesTheWindow()
    {
        var scaler = SeriesScaler.Learn(SeriesScaling.PerWindow, new Series([1, 3, 10, 30, 5]), end: 4, windowSize: 2);
        Assert.AreEqual(Math.Sqrt(((2 * 1) + (2 * 100)) / 4.0), scaler.Scale, 1e-12, "the mean variance of (1, 3) and (10, 30)");
        var inputs = new float[2];
        WindowScale window = scaler.ToNetwork([10, 30], inputs);
        Assert.AreEqual(new WindowScale(20, 10), window);
        Assert.AreSequenceEqual(new float[] { -1, 1 }, inputs);
        Assert.AreEqual(0.05 * scaler.Scale, scaler.ToNetwork([4, 4], inputs).Scale, 1e-12, "a constant window");
    }

    [TestMethod]
    public void SeasonalDifferenceReadsTheSeasonBeforeTheWindow()
    {
        var scaler = SeriesScaler.Learn(SeriesScaling.SeasonalDifference, new Series([0, 10, 2, 14, 6, 1000]), end: 5, windowSize: 2, season: 2);
        Assert.AreEqual(Math.Sqrt((4 + 16 + 16) / 3.0), scaler.Scale, 1e-12);
        Assert.AreEqual(2, scaler.Lag);
        double[] history = [0, 10, 2, 14];
        var inputs = new float[2];
        WindowScale window = scaler.ToNetwork(history, inputs);
        Assert.AreEqual(2 / scaler.Scale, inputs[0], 1e-6);
        Assert.AreEqual(4 / scaler.Scale, inputs[1], 1e-6);
        double[] origins = [.. Enumerable.Range(0, 5).Select(h => scaler.At(history, window, h).Origin)];
        Assert.AreSequenceEqual(new double[] { 2, 14, 2, 14, 2 }, origins);
    }
}
