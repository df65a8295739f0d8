using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Tests.Output;

[TestClass]
public sealed class FiguresTests
{
    [TestMethod]
    [DataRow(0.0, "0")]
    [DataRow(0.68067, "0.6807")]
    [DataRow(3.19690, "3.197")]
    [DataRow(81.02, "81.02")]
    [DataRow(12345.678, "12,346")]
    [DataRow(-1.5, "-1.500")]
    [DataRow(1.23e-7, "1.23e-7")]
    [DataRow(4.5e9, "4.5e9")]
    [DataRow(double.NaN, "–")]
    [DataRow(double.PositiveInfinity, "∞")]
    public void NumbersHaveFourDigits(double value, string expected) => Assert.AreEqual(expected, Figures.Number(value));

    [TestMethod]
    [DataRow(0.002, "0.002")]
    [DataRow(1.0, "1")]
    [DataRow(120.0, "120")]
    [DataRow(1e-5, "1e-5")]
    public void SettingsHaveNoZerosAtTheEnd(double value, string expected) => Assert.AreEqual(expected, Figures.Setting(value));

    [TestMethod]
    [DataRow(0.0, "0%")]
    [DataRow(0.0004, "0.04%")]
    [DataRow(0.37, "37%")]
    [DataRow(0.999, "> 99%")]
    [DataRow(1.0, "100%")]
    [DataRow(1.034, "103%")]
    public void AllAndNothingAreExact(double share, string expected) => Assert.AreEqual(expected, Figures.Share(share));
}
