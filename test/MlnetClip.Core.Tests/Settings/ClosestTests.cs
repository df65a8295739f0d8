using MlnetClip.Settings;

namespace MlnetClip.Core.Tests;

[TestClass]
public sealed class ClosestTests
{
    [TestMethod]
    [DataRow("co2", "CO2")]
    [DataRow("temperatur", "temperature")]
    [DataRow("tiem", "time")]
    [DataRow("temp", "temperature")]
    [DataRow("te", null)]
    [DataRow("xyz", null)]
    [DataRow("co2_ppm", null)]
    public void FindsWhatWasProbablyMeant(string name, string? expected) =>
        Assert.AreEqual(expected, Closest.To(name, ["CO2", "temperature", "time"]));

    [TestMethod]
    public void NothingIsNearNothing() => Assert.IsNull(Closest.To("x", []));
}
