namespace MlnetClip.Search.Tests.Pruners;

[TestClass]
public sealed class NoPrunerTests : PrunerContract
{
    protected override IPruner Pruner => new NoPruner();

    [TestMethod]
    public void NothingIsStopped() => Assert.IsEmpty(StopsOf(30, 1e9, Others(30, 1)));
}
