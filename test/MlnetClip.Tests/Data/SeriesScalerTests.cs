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
        Assert.AreEqual(4, scaler.ToNetwork([1, 2, 4], new float[3]));
    }

    [TestMethod]
    public void StandardizeUsesTheObservedValuesOfTheTrainingPart()
    {
        var scaler = SeriesScaler.Learn(SeriesScaling.Standardize, new Series([double.NaN, 1, double.NaN, 5, 1000]), end: 4, windowSize: 2);
        Assert.AreEqual(3, scaler.Mean);
        Assert.AreEqual(2, scaler.Scale);
        Assert.AreEqual(3, scaler.ToNetwork([1, 5], new float[2]));
    }

    [TestMethod]
    public void NoneLeavesValuesAsTheyAre()
    {
        var scaler = SeriesScaler.Learn(SeriesScaling.None, new Series([1, 5]), end: 2, windowSize: 2);
        Assert.AreEqual(7f, scaler.ToNetwork(7, scaler.ToNetwork([1, 5], new float[2])));
    }

    [TestMethod]
    [DataRow(SeriesScaling.RelativeToLast)]
    [DataRow(SeriesScaling.Standardize)]
    [DataRow(SeriesScaling.None)]
    [DataRow(SeriesScaling.Robust)]
    public void ToDataUndoesToNetwork(SeriesScaling scaling)
    {
        double[] values = [.. Forecasts.Wave(40, level: 1e4)];
        var scaler = SeriesScaler.Learn(scaling, new Series([.. values]), values.Length, windowSize: 5);
        double origin = scaler.ToNetwork(values.AsSpan(3, 5), new float[5]);
        foreach (double value in values) Assert.AreEqual(value, scaler.ToData(scaler.ToNetwork(value, origin), origin), 2e-3);
    }

    [TestMethod]
    public void HugeValuesDoNotOverflow()
    {
        var scaler = SeriesScaler.Learn(SeriesScaling.RelativeToLast, new Series([3e38f, -3e38f, 3e38f]), end: 3, windowSize: 2);
        Assert.AreEqual(-1f, scaler.ToNetwork(-3e38f, 3e38f), 1e-6f);
    }
}
