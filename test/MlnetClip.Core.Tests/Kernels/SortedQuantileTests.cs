using MlnetClip.Kernels;

namespace MlnetClip.Core.Tests.Kernels;

[TestClass]
public sealed class SortedQuantileTests
{
    [TestMethod]
    [DataRow(0, 1)]
    [DataRow(0.5, 2)]
    [DataRow(0.75, 6)]
    [DataRow(1, 10)]
    public void InterpolatesBetweenNeighbors(double level, double expected) =>
        Assert.AreEqual(expected, SortedQuantile.Of([1, 2, 10], level), 1e-12);

    [TestMethod]
    public void OneValueIsEveryQuantile() => Assert.AreEqual(3.5, SortedQuantile.Of([3.5], 0.3));
}
