using MlnetClip.Checkpoints;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Checkpoints;

/// <summary>One user of a checkpoint at a time.</summary>
[TestClass]
public sealed class CheckpointLockTests
{
    [TestMethod]
    public void ASecondUserIsRefusedUntilTheFirstHasEnded()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("fit.ckpt");
        using (CheckpointLock.Take(path))
        {
            var error = Assert.Throws<IOException>(() => CheckpointLock.Take(path));
            Assert.StartsWith($"The checkpoint '{path}' is in use by another fit.{Environment.NewLine}Hint: ", error.Message);
            using CheckpointLock other = CheckpointLock.Take(folder.File("other.ckpt"));
        }

        using (CheckpointLock.Take(path))
        {
        }

        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void WhatAKilledProcessLeftLocksNothing()
    {
        using var folder = new TemporaryFolder();
        string left;
        using (CheckpointLock.Take(folder.File("fit.ckpt"))) left = Directory.GetFiles(folder.Path, ".*").Single();
        File.WriteAllText(left, "");

        using (CheckpointLock.Take(folder.File("fit.ckpt")))
        {
        }

        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void ALinkLocksItsTarget()
    {
        if (OperatingSystem.IsWindows()) return; // links need a privilege there
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("link.ckpt"), folder.File("fit.ckpt"));
        File.WriteAllText(folder.File("fit.ckpt"), "");

        using CheckpointLock held = CheckpointLock.Take(folder.File("fit.ckpt"));

        Assert.Throws<IOException>(() => CheckpointLock.Take(folder.File("link.ckpt")));
    }

    [TestMethod]
    public void AmongManyOneHoldsIt()
    {
        using var folder = new TemporaryFolder();
        int holders = 0, most = 0, taken = 0;
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            try
            {
                using CheckpointLock held = CheckpointLock.Take(folder.File("fit.ckpt"));
                InterlockedMax(ref most, Interlocked.Increment(ref holders));
                Interlocked.Increment(ref taken);
                Thread.Yield();
                Interlocked.Decrement(ref holders);
            }
            catch (IOException)
            {
            }
        });

        Assert.AreEqual(1, most);
        Assert.IsGreaterThan(0, taken);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref target)) && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
