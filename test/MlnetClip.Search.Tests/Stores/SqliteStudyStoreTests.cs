using Microsoft.Data.Sqlite;
using MlnetClip.Search.Stores;
using MlnetClip.TestKit;

namespace MlnetClip.Search.Tests.Stores;

[TestClass]
public sealed class SqliteStudyStoreTests : StudyStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Study => _folder.File("study.db");

    public void Dispose() => _folder.Dispose();

    protected override IStudyStore Open() => new SqliteStudyStore(Study, Clock);

    [TestMethod]
    public void AStudyIsThereWhenOpenedAgain()
    {
        using (IStudyStore store = Open())
        {
            store.TryAdd(0, Requests(3));
            TrialClaim claim = store.TryClaim("a", Lease, 2)!;
            store.Finish(claim, claim.Trial with { State = TrialState.Complete, Value = 0.5 });
            store.Note("key", "value");
        }

        using IStudyStore again = Open();
        Assert.AreEqual(0.5, again.GetTrials()[0].Value);
        Assert.AreEqual(1, again.TryClaim("b", Lease, 2)!.Trial.Number);
        Assert.AreEqual("value", again.Note("key", "other"));
    }

    [TestMethod]
    public void TwoConnectionsClaimEachTrialOnce()
    {
        using IStudyStore one = Open(), other = Open();
        one.TryAdd(0, Requests(60));

        int[] claimed = [.. new[] { one, other, one, other }.AsParallel().WithDegreeOfParallelism(4).SelectMany(store =>
        {
            List<int> mine = [];
            while (store.TryClaim("owner", Lease, 2) is { } claim)
            {
                mine.Add(claim.Trial.Number);
                Assert.IsTrue(store.Finish(claim, claim.Trial with { State = TrialState.Complete, Value = 1 }));
            }

            return mine;
        })];

        CollectionAssert.AreEquivalent(Enumerable.Range(0, 60).ToArray(), claimed);
    }

    [TestMethod]
    public void ManyMayCreateAStudyAtATime()
    {
        Parallel.For(0, 8, i =>
        {
            using IStudyStore store = Open();
            store.TryAdd(0, Requests(5));
        });

        using IStudyStore again = Open();
        Assert.HasCount(5, again.GetTrials());
    }

    [TestMethod]
    public void AFileThatIsSomethingElseIsRefusedAndLeftAlone()
    {
        File.WriteAllText(Study, "date,co2\n19580329,316.19\n");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(Open).Message, "study.db");
        Assert.AreEqual("date,co2\n19580329,316.19\n", File.ReadAllText(Study));
    }

    [TestMethod]
    public void AnotherProgramsDatabaseIsRefusedAndLeftAlone()
    {
        Execute("CREATE TABLE theirs(x)");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(Open).Message, "not a study");
        Execute("INSERT INTO theirs VALUES (1)");
    }

    [TestMethod]
    [DataRow(SqliteSchema.Version + 1, "Hint: update MlnetClip.Search.")]
    [DataRow(1, "Hint: use another file to start a new study, or finish this one with MlnetClip.Search 0.1.")]
    public void AStudyOfAnotherVersionIsRefused(long version, string hint)
    {
        Open().Dispose();
        Execute($"PRAGMA user_version = {version}");
        string message = Assert.ThrowsExactly<InvalidDataException>(Open).Message;
        StringAssert.Contains(message, $"version {version}");
        StringAssert.Contains(message, hint);
    }

    [TestMethod]
    [DataRow("value = 'a'", "value must be a finite number, but was 'a'")]
    [DataRow("value = NULL", "Complete but has no value")]
    [DataRow("state = 'Done'", "state must be one of Waiting")]
    [DataRow("state = '4'", "state must be one of Waiting")]
    [DataRow("reports = '[[1]]'", "cannot be read")]
    [DataRow("measures = 'x'", "cannot be read")]
    [DataRow("point = '[]'", "cannot be read")]
    [DataRow("seed = -1", "seed must be a whole number")]
    [DataRow("state = 'Failed'", "it is Failed but has no failure")]
    public void AFieldThatIsNotWhatItShouldBeIsNamed(string change, string problem)
    {
        using (IStudyStore store = Open())
        {
            store.TryAdd(0, Requests(1));
            TrialClaim claim = store.TryClaim("a", Lease, 2)!;
            store.Finish(claim, claim.Trial with { State = TrialState.Complete, Value = 0.5 });
        }

        Execute($"UPDATE trials SET {change}");
        using IStudyStore again = Open();
        string message = Assert.ThrowsExactly<InvalidDataException>(again.GetTrials).Message;
        StringAssert.StartsWith(message, $"The study '{Study}' is damaged: trial 0 cannot be read: ");
        StringAssert.Contains(message, problem);
    }

    [TestMethod]
    public void DamagedPagesAreAnIOErrorInASentence()
    {
        using (IStudyStore store = Open()) store.TryAdd(0, Requests(200));
        using (FileStream file = File.OpenWrite(Study))
        {
            file.Position = 4096;
            file.Write(Enumerable.Repeat((byte)0x5A, (int)file.Length - 4096).ToArray());
        }

        IOException error = Assert.ThrowsExactly<IOException>(() =>
        {
            using IStudyStore store = Open();
            store.GetTrials();
        });
        StringAssert.StartsWith(error.Message, $"The study '{Study}' is damaged: ");
        StringAssert.Contains(error.Message, "Hint: ");
    }

    [TestMethod]
    public void AViewInPlaceOfATableIsRefused()
    {
        Open().Dispose();
        Execute("DROP TABLE trials; CREATE VIEW trials AS WITH RECURSIVE endless(number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM endless) SELECT * FROM endless");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(Open).Message, "does not have exactly the tables of a study");
    }

    [TestMethod]
    public void ALeaseOfAClockThatWasWrongIsNotWaitedFor()
    {
        using IStudyStore store = Open();
        store.TryAdd(0, Requests(1));
        store.TryClaim("a", Lease, 2);
        Assert.IsNull(store.TryClaim("b", Lease, 2));
        Execute("UPDATE trials SET lease_end = lease_end + 864000000");
        Assert.AreEqual(0, store.TryClaim("b", Lease, 2)!.Trial.Number);
    }

    [TestMethod]
    public void AMissingFolderIsNamed()
    {
        var error = Assert.ThrowsExactly<DirectoryNotFoundException>(() => new SqliteStudyStore(_folder.File("no/study.db")));
        StringAssert.Contains(error.Message, "no/study.db");
    }

    private void Execute(string text)
    {
        using var connection = new SqliteConnection($"Data Source={Study};Pooling=False");
        connection.Open();
        SqliteSchema.Run(connection, text);
    }
}
