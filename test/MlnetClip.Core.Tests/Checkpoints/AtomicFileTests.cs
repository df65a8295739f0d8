using MlnetClip.Checkpoints;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Checkpoints;

/// <summary>Files are replaced as a whole or not at all.</summary>
[TestClass]
public sealed class AtomicFileTests
{
    [TestMethod]
    public void ReplacesTheFileAndLeavesNothingBeside()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a"), "an old text that is longer");

        AtomicFile.Write(folder.File("a"), stream => stream.Write("new"u8));

        Assert.AreEqual("new", File.ReadAllText(folder.File("a")));
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void TheFolderIsFlushedOnceTheFileHasItsName()
    {
        using var folder = new TemporaryFolder();
        var flushed = new List<(string Folder, string Contents)>();

        AtomicFile.Write(folder.File("a"), stream => stream.Write("new"u8), null, flush =>
        {
            flushed.Add((flush, File.ReadAllText(folder.File("a"))));
            return true;
        });

        Assert.AreEqual((folder.Path, "new"), flushed.Single());
    }

    [TestMethod]
    public void AFolderCanBeFlushedOnLinuxAndMacOS()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("ä b"));

        foreach (string name in new[] { "", "ä b" }) Assert.AreEqual(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), FolderFlush.Flush(folder.File(name)));
        Assert.IsFalse(FolderFlush.Flush(folder.File("none")));
    }

    [TestMethod]
    public void ADiskErrorWhileTheFolderIsFlushedIsReported()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a"), "old");

        Assert.Throws<IOException>(() => AtomicFile.Write(folder.File("a"), stream => stream.Write("new"u8), null, _ => throw new IOException("disk")));

        Assert.AreEqual("new", File.ReadAllText(folder.File("a")));
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void AFailureHalfwayLeavesTheOldFile()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a"), "old");

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder.File("a"), stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException();
        }));

        Assert.AreEqual("old", File.ReadAllText(folder.File("a")));
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void ATargetThatIsAFolderStaysAsItWas()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("a"));

        Exception? error = null;
        try
        {
            AtomicFile.Write(folder.File("a"), stream => stream.Write("new"u8));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = e;
        }

        Assert.IsNotNull(error);
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void AMissingFolderIsAnError()
    {
        using var folder = new TemporaryFolder();

        Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write(folder.File("none/a"), stream => stream.Write("new"u8)));
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void ALinkKeepsItsPlaceAndItsTargetIsReplaced()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("other"));
        File.WriteAllText(folder.File("other/target"), "old");
        File.CreateSymbolicLink(folder.File("link"), folder.File("other/target"));
        File.CreateSymbolicLink(folder.File("dangling"), folder.File("other/new"));

        AtomicFile.Write(folder.File("link"), stream => stream.Write("new"u8));
        AtomicFile.Write(folder.File("dangling"), stream => stream.Write("made"u8));

        Assert.AreEqual("new", File.ReadAllText(folder.File("other/target")));
        Assert.AreEqual("made", File.ReadAllText(folder.File("other/new")));
        Assert.IsNotNull(new FileInfo(folder.File("link")).LinkTarget);
        Assert.IsNotNull(new FileInfo(folder.File("dangling")).LinkTarget);
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void ThePermissionsOfTheFileAreKept()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a"), "old");
        foreach (UnixFileMode mode in new[] { UnixFileMode.UserRead | UnixFileMode.UserWrite, (UnixFileMode)0b110_110_110 })
        {
            File.SetUnixFileMode(folder.File("a"), mode);
            AtomicFile.Write(folder.File("a"), stream => stream.Write("new"u8));
            Assert.AreEqual(mode, File.GetUnixFileMode(folder.File("a")));
        }
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void ALinkPlantedUnderAPredictableNameIsNotFollowed()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("victim"), "victim");
        File.CreateSymbolicLink(folder.File($"a.{Environment.ProcessId}.tmp"), folder.File("victim"));

        AtomicFile.Write(folder.File("a"), stream => stream.Write("new"u8));

        Assert.AreEqual("victim", File.ReadAllText(folder.File("victim")));
        Assert.IsNull(new FileInfo(folder.File("a")).LinkTarget);
    }

    [TestMethod]
    public void WritersOfOneFileDoNotDisturbEachOther()
    {
        using var folder = new TemporaryFolder();
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 16 }, writer =>
        {
            for (int i = 0; i < 10; i++) AtomicFile.Write(folder.File("a"), stream => stream.Write([(byte)writer, (byte)writer]));
        });

        byte[] bytes = File.ReadAllBytes(folder.File("a"));
        Assert.HasCount(2, bytes);
        Assert.AreEqual(bytes[0], bytes[1]);
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void AWriterWithinAWriteOfTheSameFileLeavesItAlone()
    {
        using var folder = new TemporaryFolder();

        AtomicFile.Write(folder.File("a"), outer =>
        {
            outer.Write("outer"u8);
            AtomicFile.Write(folder.File("a"), inner => inner.Write("inner"u8));
            Assert.AreEqual("inner", File.ReadAllText(folder.File("a")));
        });

        Assert.AreEqual("outer", File.ReadAllText(folder.File("a")));
    }

    [TestMethod]
    public void WhatAKilledWriterLeftIsRemoved()
    {
        using var folder = new TemporaryFolder();
        string? aside = null;
        AtomicFile.Write(folder.File("a"), stream => aside = ((FileStream)stream).Name);
        File.WriteAllText(aside!, "half");
        File.WriteAllText(folder.File("b.tmp"), "a user's");

        AtomicFile.Write(folder.File("b"), stream => stream.Write("new"u8));
        Assert.IsTrue(File.Exists(aside), "it belongs to another target");
        AtomicFile.Write(folder.File("a"), stream => stream.Write("new"u8));

        Assert.AreSequenceEqual(new[] { folder.File("a"), folder.File("b"), folder.File("b.tmp") }, Directory.GetFileSystemEntries(folder.Path).Order(StringComparer.Ordinal));
    }

    [TestMethod]
    public void WhatAKilledWriterOfVersion01LeftIsRemoved()
    {
        using var folder = new TemporaryFolder();
        (string Name, string Content, int Minutes)[] files =
        [
            ("a.17.tmp", "PK half a model", 90), ("a.18.tmp", "MLCTRAIN half", 90), ("a.19.tmp", "", 90), ("a.20.tmp", "PK still written", 5), ("a.21.tmp", "a user's", 90), ("a.x1.tmp", "PK", 90),
            ("a.tmp", "PK", 90), ("b.17.tmp", "PK", 90), ("a.b.17.tmp", "PK", 90),
        ];
        foreach (var (name, content, minutes) in files)
        {
            File.WriteAllText(folder.File(name), content);
            File.SetLastWriteTimeUtc(folder.File(name), DateTime.UtcNow.AddMinutes(-minutes));
        }

        AtomicFile.Write(folder.File("a"), stream => stream.Write("new"u8));

        string[] left = [.. Directory.GetFiles(folder.Path).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        Assert.AreSequenceEqual(new[] { "a", "a.20.tmp", "a.21.tmp", "a.b.17.tmp", "a.tmp", "a.x1.tmp", "b.17.tmp" }, left);
    }

    [TestMethod]
    public void TheLongestLegalNameCanBeWritten()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File(new string('n', 255));

        AtomicFile.Write(path, stream => stream.Write("new"u8));

        Assert.AreEqual("new", File.ReadAllText(path));
    }
}
