using MlnetClip.Search.Spaces;

namespace MlnetClip.Search.Tests.Stores;

/// <summary>What every store owes a study.</summary>
public abstract class StudyStoreContract
{
    protected static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private static readonly SearchSpace Space = SearchSpace.Parse("rule=norm|agc; norm=log:0.01..100 when rule=norm");

    protected ManualClock Clock { get; } = new();

    protected abstract IStudyStore Open();

    protected static TrialRequest[] Requests(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new TrialRequest(TrialStage.Explore, Space.FromUnits(_ => i / 10.0), i))];

    [TestMethod]
    public void TrialsAreKeptAsTheyWereAskedFor()
    {
        using IStudyStore store = Open();
        TrialRequest[] requests = [.. Requests(9), new(TrialStage.Calibrate, SearchPoint.Empty), new(TrialStage.Confirm, Space.FromUnits(_ => 0.1), 4)];

        Assert.IsTrue(store.TryAdd(0, requests[..9]));
        Assert.IsTrue(store.TryAdd(9, requests[9..]));

        IReadOnlyList<Trial> trials = store.GetTrials();
        CollectionAssert.AreEqual(requests, trials.Select(trial => trial.Request).ToArray());
        CollectionAssert.AreEqual(Enumerable.Range(0, 11).ToArray(), trials.Select(trial => trial.Number).ToArray());
        CollectionAssert.AreEqual(new[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1 }, trials.Select(trial => trial.Generation).ToArray());
        Assert.IsTrue(trials.All(trial => trial is { State: TrialState.Waiting, Attempt: 0, Finished: false }));
    }

    [TestMethod]
    public void WhoeverComesSecondAddsNothing()
    {
        using IStudyStore store = Open();

        Assert.IsTrue(store.TryAdd(0, Requests(2)));
        Assert.IsFalse(store.TryAdd(0, Requests(2)));
        Assert.IsFalse(store.TryAdd(3, Requests(2)));
        Assert.HasCount(2, store.GetTrials());
    }

    [TestMethod]
    public void EachTrialIsClaimedOnce()
    {
        using IStudyStore store = Open();
        store.TryAdd(0, Requests(3));

        TrialClaim?[] claims = [.. Enumerable.Range(0, 4).Select(i => store.TryClaim($"worker {i}", Lease, 2))];

        CollectionAssert.AreEqual(new int?[] { 0, 1, 2, null }, claims.Select(claim => claim?.Trial.Number).ToArray());
        Assert.IsTrue(claims[..3].All(claim => claim!.Trial is { State: TrialState.Running, Attempt: 1 }));
        Assert.IsTrue(store.GetTrials().All(trial => trial is { State: TrialState.Running, Attempt: 1 }));
    }

    [TestMethod]
    public void ManyThreadsClaimEachTrialOnce()
    {
        using IStudyStore store = Open();
        store.TryAdd(0, Requests(40));

        int[] claimed = [.. Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8).SelectMany(worker =>
        {
            List<int> mine = [];
            while (store.TryClaim($"worker {worker}", Lease, 2) is { } claim)
            {
                mine.Add(claim.Trial.Number);
                Assert.IsTrue(store.Finish(claim, claim.Trial with { State = TrialState.Complete, Value = 1 }));
            }

            return mine;
        })];

        CollectionAssert.AreEquivalent(Enumerable.Range(0, 40).ToArray(), claimed);
    }

    [TestMethod]
    public void AFinishedTrialReadsBackWhole()
    {
        using IStudyStore store = Open();
        store.TryAdd(0, Requests(4));
        Trial[] results =
        [
            store.TryClaim("a", Lease, 2)!.Trial with
            {
                State = TrialState.Complete, Value = 1e-300, Seconds = 2.5,
                Reports = [new(1, 0.1), new(2, -1e-17), new(7, double.MaxValue)],
                Measures = new Dictionary<string, double> { ["share"] = 0.1, ["max"] = double.PositiveInfinity, ["none"] = double.NaN },
            },
            store.TryClaim("a", Lease, 2)!.Trial with { State = TrialState.Pruned, Value = 3, Reports = [new(1, 3)] },
            store.TryClaim("a", Lease, 2)!.Trial with { State = TrialState.Failed, Failure = new TrialFailure(FailureKind.Timeout, "It's \"late\";\n--") },
            store.TryClaim("a", Lease, 2)!.Trial with { State = TrialState.Cancelled },
        ];

        foreach (Trial result in results) Assert.IsTrue(store.Finish(new TrialClaim(result, "a"), result));

        IReadOnlyList<Trial> trials = store.GetTrials();
        for (int i = 0; i < results.Length; i++)
        {
            Assert.AreEqual(results[i] with { Reports = [], Measures = trials[i].Measures }, trials[i] with { Reports = results[i] is null ? [] : [] });
            CollectionAssert.AreEqual(results[i].Reports.ToArray(), trials[i].Reports.ToArray());
            CollectionAssert.AreEquivalent(results[i].Measures.ToArray(), trials[i].Measures.ToArray());
            Assert.IsTrue(trials[i].Finished);
        }
    }

    [TestMethod]
    public void AFinishedTrialIsNotClaimedOrChangedAgain()
    {
        using IStudyStore store = Open();
        store.TryAdd(0, Requests(1));
        TrialClaim claim = store.TryClaim("a", Lease, 2)!;
        Assert.IsTrue(store.Finish(claim, claim.Trial with { State = TrialState.Complete, Value = 1 }));
        Clock.Advance(Lease * 3);

        Assert.IsNull(store.TryClaim("b", Lease, 2));
        Assert.IsFalse(store.Finish(claim, claim.Trial with { State = TrialState.Complete, Value = 2 }));
        Assert.IsFalse(store.Release(claim));
        Assert.IsFalse(store.Renew(claim, Lease));
        Assert.AreEqual(1, store.GetTrials()[0].Value);
    }

    [TestMethod]
    public void ALeaseHoldsUntilItRunsOut()
    {
        using IStudyStore store = Open();
        store.TryAdd(0, Requests(1));
        store.TryClaim("a", Lease, 3);

        Clock.Advance(Lease - TimeSpan.FromSeconds(1));
        Assert.IsNull(store.TryClaim("b", Lease, 3));

        Clock.Advance(TimeSpan.FromSeconds(1));
        TrialClaim second = store.TryClaim("b", Lease, 3)!;
        Assert.AreEqual(2, second.Trial.Attempt);
    }

    [TestMethod]
    public void ARenewedLeaseHoldsOn()
    {
        using IStudyStore store = Open();
        store.TryAdd(0, Requests(1));
        TrialClaim claim = store.TryClaim("a", Lease, 3)!;
        for (int i = 0; i < 5; i++)
        {
            Clock.Advance(Lease / 2);
            Assert.IsTrue(store.Renew(claim, Lease));
        }

        Assert.IsNull(store.TryClaim("b", Lease, 3));
    }

    [TestMethod]
    public void TheLateWorkersResultIsRefused()
    {
        using IStudyStore store = Open();
        store.TryAdd(0, Requests(1));
        TrialClaim late = store.TryClaim("same", Lease, 3)!;
        Clock.Advance(Lease);
        TrialClaim second = store.TryClaim("same", Lease, 3)!;

        Assert.IsFalse(store.Renew(late, Lease));
        Assert.IsFalse(store.Release(late));
        Assert.IsFalse(store.Finish(late, late.Trial with { State = TrialState.Complete, Value = 666 }));
        Assert.IsTrue(store.Finish(second, second.Trial with { State = TrialState.Complete, Value = 1 }));
        Assert.AreEqual(1, store.GetTrials()[0].Value);
    }

    [TestMethod]
    public void AReleasedTrialWaitsAsIfNotBegun()
    {
        using IStudyStore store = Open();
        store.TryAdd(0, Requests(2));
        for (int i = 0; i < 5; i++) Assert.IsTrue(store.Release(store.TryClaim("a", Lease, 1)!));

        Assert.IsTrue(store.GetTrials()[0] is { State: TrialState.Waiting, Attempt: 0 });
        Assert.AreEqual(0, store.TryClaim("b", Lease, 1)!.Trial.Number);
    }

    [TestMethod]
    public void ATrialLostTooOftenHasFailed()
    {
        using IStudyStore store = Open();
        store.TryAdd(0, Requests(2));
        for (int i = 0; i < 2; i++)
        {
            Assert.AreEqual(0, store.TryClaim($"victim {i}", Lease, 2)!.Trial.Number);
            Clock.Advance(Lease);
        }

        Assert.AreEqual(1, store.TryClaim("next", Lease, 2)!.Trial.Number);
        Trial lost = store.GetTrials()[0];
        Assert.AreEqual(TrialState.Failed, lost.State);
        Assert.AreEqual(FailureKind.ProcessLost, lost.Failure!.Kind);
    }

    [TestMethod]
    public void TheFirstNoteStays()
    {
        using IStudyStore store = Open();

        Assert.AreEqual("one", store.Note("key", "one"));
        Assert.AreEqual("one", store.Note("key", "two"));
        Assert.AreEqual("three", store.Note("other", "three"));
    }
}
