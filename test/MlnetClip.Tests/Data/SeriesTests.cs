using MlnetClip.Data;

namespace MlnetClip.Tests.Data;

[TestClass]
public sealed class SeriesTests
{
    private const double Gap = double.NaN;

    [TestMethod]
    public void GapsTakeTheLastValueBeforeThem()
    {
        var series = new Series([1, Gap, Gap, 4, Gap]);
        Assert.AreSequenceEqual(new double[] { 1, 1, 1, 4, 4 }, series.Filled(0, 5).ToArray());
        Assert.AreSequenceEqual(new[] { true, false, false, true, false }, Enumerable.Range(0, 5).Select(series.IsObserved).ToArray());
        Assert.AreEqual(2, series.CountObserved(0, 5));
    }

    [TestMethod]
    public void TheSeriesBeginsWithItsFirstValue()
    {
        Assert.AreEqual(2, new Series([Gap, Gap, 3, Gap]).FirstObserved);
        Assert.AreEqual(2, new Series([Gap, Gap]).FirstObserved);
        Assert.AreEqual(0, new Series([]).FirstObserved);
    }
}
