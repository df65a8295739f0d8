using MlnetClip.MLNetInternals;

namespace MlnetClip.Tests.MLNetInternals;

[TestClass]
public sealed class MicrosoftMLVersionTests
{
    [TestMethod]
    [DataRow("5.0.0")]
    [DataRow("5.0.1+c3f9ab")]
    [DataRow("5.9.0-preview.1.25125.4")]
    public void VersionsInRangeAreAccepted(string version) => Assert.IsNull(MicrosoftMLVersion.Problem(version));

    [TestMethod]
    [DataRow("4.0.2")]
    [DataRow("6.0.0")]
    [DataRow("6.0.0-preview.1")]
    [DataRow("unknown")]
    public void OthersAreNamedBesideTheSupportedRange(string version)
    {
        string problem = MicrosoftMLVersion.Problem(version)!;
        Assert.Contains($"found Microsoft.ML '{version}'", problem);
        Assert.Contains("from 5.0.0 to below 6.0.0", problem);
        Assert.Contains("Hint: ", problem);
    }

    [TestMethod]
    public void TheVersionInUseIsInRange() => MicrosoftMLVersion.Check();
}
