using MlnetClip.TestKit;

namespace MlnetClip.Libtorch.Tests;

[TestClass]
public sealed class PublicApiTests
{
    [TestMethod]
    public void ThePublicApiIsTheAgreedOne() => PublicApi.Check(typeof(TorchSharpBackend).Assembly);
}
