using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests;

[TestClass]
public sealed class PublicApiTests
{
    [TestMethod]
    public void ThePublicMembersAreThoseAgreedOn() => PublicApi.Check(typeof(GradientClipping).Assembly);
}
