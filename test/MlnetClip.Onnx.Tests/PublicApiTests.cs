using Microsoft.ML;
using MlnetClip.TestKit;

namespace MlnetClip.Onnx.Tests;

[TestClass]
public sealed class PublicApiTests
{
    [TestMethod]
    public void ThePublicMembersAreThoseAgreedOn() => PublicApi.Check(typeof(OnnxExportCatalog).Assembly);
}
