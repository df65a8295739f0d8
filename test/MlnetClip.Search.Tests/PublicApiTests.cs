using MlnetClip.TestKit;

namespace MlnetClip.Search.Tests;

[TestClass]
public sealed class PublicApiTests
{
    [TestMethod]
    public void ThePublicMembersAreThoseAgreedOn() => PublicApi.Check(typeof(ClippingStudy).Assembly);
}
