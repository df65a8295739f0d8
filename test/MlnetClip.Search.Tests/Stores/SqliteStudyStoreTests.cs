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
    [DataRow("state = '-1'", "state must be one of Waiting")]
    [DataRow("reports = '[[1]]'", "cannot be read")]
    [DataRow("measures = 'x'", "cannot be read")]
    [DataRow("point = '[]'", "cannot be read")]
    [DataRow("seed = -1", "seed must be a whole number")]
    [DataRow("state = 'Failed'", "it is Failed but has no failure")]
    [DataRow("reports = '[null]'", "reports must be pairs of a step")]
    [DataRow("reports = '[[1.5,2]]'", "reports must be pairs of a step")]
    [DataRow("reports = '[[2,1],[2,1]]'", "reports must have increasing steps, but 2 follows 2")]
    [DataRow("measures = 'null'", "a list is null")]
    [DataRow("seconds = -1", "seconds must be 0 or more")]
    [DataRow("generation = 1e300", "generation must be a whole number")]
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
    public void ATrialThatIsMissingIsNamed()
    {
        using (IStudyStore store = Open()) store.TryAdd(0, Requests(3));
        Execute("UPDATE trials SET number = 7 WHERE number = 1");
        using IStudyStore again = Open();
        Assert.Contains("is damaged: trial 1 is missing: trial 2 is in its place", Assert.ThrowsExactly<InvalidDataException>(again.GetTrials).Message);
    }

    [TestMethod]
    public void ANoteThatIsNoTextIsNamed()
    {
        using (IStudyStore store = Open()) store.Note("key", "value");
        Execute("UPDATE notes SET value = x'00ff'");
        using IStudyStore again = Open();
        Assert.Contains("is damaged: the note 'key' is no text", Assert.ThrowsExactly<InvalidDataException>(() => again.Note("key", "value")).Message);
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
    [DataRow("DROP TABLE trials; CREATE VIEW trials AS WITH RECURSIVE endless(number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM endless) SELECT * FROM endless")]
    [DataRow("CREATE VIEW more AS SELECT 1")]
    [DataRow("CREATE TRIGGER more AFTER UPDATE ON trials BEGIN DELETE FROM trials; END")]
    [DataRow("ALTER TABLE trials ADD COLUMN more AS (hex(zeroblob(500000000)))")]
    [DataRow("ALTER TABLE trials DROP COLUMN lease_end")]
    public void WhatHasNotExactlyTheTablesOfAStudyIsRefused(string change)
    {
        Open().Dispose();
        Execute(change);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(Open).Message, "does not have exactly the tables of a study");
    }

    [TestMethod]
    [DataRow("lease_end + 864000000", DisplayName = "ten days")]
    [DataRow("lease_end + 7200000", DisplayName = "two hours")]
    [DataRow("NULL")]
    [DataRow("'never'")]
    [DataRow("9e300")]
    public void ALeaseOfAClockThatWasWrongIsNotWaitedFor(string lease)
    {
        using IStudyStore store = Open();
        store.TryAdd(0, Requests(1));
        store.TryClaim("a", Lease, 2);
        Assert.IsNull(store.TryClaim("b", Lease, 2));
        Execute($"UPDATE trials SET lease_end = {lease}");
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
