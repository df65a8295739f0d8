using MlnetClip.Cli.Output;

namespace MlnetClip.Cli.Tests.Output;

[TestClass]
public sealed class JsonTextTests
{
    [TestMethod]
    public void NumbersThatAreNotFiniteAreNull() =>
        Assert.AreEqual(
            "{\n  \"norm_max\": null,\n  \"share\": null,\n  \"value\": 0.1\n}",
            JsonText.Of(new { NormMax = double.NaN, Share = double.PositiveInfinity, Value = 0.1f }));

    [TestMethod]
    public void NamesAreInSnakeCase() => StringAssert.Contains(JsonText.Of(new { SeasonalNaiveDrift = 1 }), "\"seasonal_naive_drift\": 1");
}
