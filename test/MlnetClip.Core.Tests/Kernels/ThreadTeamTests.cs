using MlnetClip.Kernels;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Kernels;

/// <summary>The team does every piece once, waits for all of them, passes exceptions on, and ends.</summary>
[TestClass]
public sealed class ThreadTeamTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(5)]
    public void DoesEveryPieceOnceBeforeItReturns(int threads)
    {
        using var team = new ThreadTeam(threads);
        foreach (int pieces in new[] { 0, 1, 2, 3, 100 })
        {
            var times = new int[pieces];
            var members = new int[threads];
            for (int run = 1; run <= 300; run++)
            {
                team.Run(pieces, (piece, member) =>
                {
                    Interlocked.Increment(ref times[piece]);
                    Interlocked.Increment(ref members[member]); // throws beyond the team
                });
                Assert.IsTrue(times.All(t => t == run), $"{pieces} pieces, run {run}");
            }
        }
    }

    [TestMethod]
    public void EachMemberBeginsWithItsOwnShare()
    {
        using var team = new ThreadTeam(3);
        var members = new int[3];
        for (int run = 0; run < 20; run++)
        {
            using var all = new CountdownEvent(3); // nobody can take a second piece before everybody has one
            team.Run(3, (piece, member) =>
            {
                members[piece] = member;
                all.Signal();
                Assert.IsTrue(all.Wait(Patience.Limit), "The other members did not come.");
            });
            CollectionAssert.AreEqual(new[] { 0, 1, 2 }, members);
        }
    }

    [TestMethod]
    public void MembersAreNeverTwoAtATime()
    {
        using var team = new ThreadTeam(4);
        var busy = new int[4];
        bool clash = false;
        team.Run(2000, (_, member) =>
        {
            clash |= Interlocked.Increment(ref busy[member]) != 1;
            Thread.SpinWait(20);
            Interlocked.Decrement(ref busy[member]);
        });
        Assert.IsFalse(clash);
    }

    [TestMethod]
    public void WakesAgainAfterSleeping()
    {
        using var team = new ThreadTeam(3);
        for (int run = 0; run < 5; run++)
        {
            using var all = new CountdownEvent(3); // passes only when three threads are in it together
            team.Run(3, (_, _) =>
            {
                all.Signal();
                Assert.IsTrue(all.Wait(Patience.Limit), "The other members did not come.");
            });
            Thread.Sleep(60); // on most machines long enough for idle members to stop spinning; the test holds either way
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void ThrowsWhatAPieceThrewAndGoesOn(int threads)
    {
        using var team = new ThreadTeam(threads);
        var failure = Assert.ThrowsExactly<InvalidOperationException>(
            () => team.Run(8, (piece, _) => throw new InvalidOperationException($"piece {piece}")));
        StringAssert.StartsWith(failure.Message, "piece ");

        int done = 0;
        team.Run(8, (_, _) => Interlocked.Increment(ref done));
        Assert.AreEqual(8, done);
    }

    [TestMethod]
    public void ARunAllocatesNothing()
    {
        using var team = new ThreadTeam(2);
        Action<int, int> work = (_, _) => { };
        Assert.AreEqual(0, Allocation.Of(team, () => team.Run(10, work)));
    }

    [TestMethod]
    public void WhatAnyMemberAllocatesIsMeasured()
    {
        using var team = new ThreadTeam(3);
        int arrived = 0;
        Action<int, int> work = (_, member) =>
        {
            Interlocked.Increment(ref arrived);
            while (Volatile.Read(ref arrived) < 3) Thread.Yield(); // each member takes one piece
            if (member == 2) GC.KeepAlive(new byte[100]);
        };
        Assert.IsInRange(100, 10_000, Allocation.Of(team, () =>
        {
            arrived = 0;
            team.Run(3, work);
        }));
    }

    [TestMethod]
    public void RefusesWhatItCannotDo()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ThreadTeam(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ThreadTeam(1025));
        var team = new ThreadTeam(2);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => team.Run(-1, (_, _) => { }));
        team.Dispose();
        team.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => team.Run(1, (_, _) => { }));
    }
}
