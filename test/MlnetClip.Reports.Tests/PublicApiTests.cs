using MlnetClip.TestKit;

namespace MlnetClip.Reports.Tests;

[TestClass]
public sealed class PublicApiTests
{
    [TestMethod]
    public void ThePublicMembersAreThoseAgreedOn() => PublicApi.Check(typeof(ReportOptions).Assembly);
}
