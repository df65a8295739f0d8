namespace MlnetClip.Search.Tests.Stores;

[TestClass]
public sealed class InMemoryStudyStoreTests : StudyStoreContract
{
    protected override IStudyStore Open() => new InMemoryStudyStore(Clock);
}
