using MlnetClip.TestKit;

namespace MlnetClip.Tests;

[TestClass]
public sealed class PublicApiTests
{
    [TestMethod]
    public void ThePublicMembersAreThoseAgreedOn() => PublicApi.Check(typeof(LstmForecastingTrainer).Assembly);
}
