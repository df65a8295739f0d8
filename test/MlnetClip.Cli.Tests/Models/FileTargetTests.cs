using MlnetClip.Cli.Models;
using MlnetClip.TestKit;

namespace MlnetClip.Cli.Tests.Models;

[TestClass]
public sealed class FileTargetTests
{
    [TestMethod]
    public void CheckingLeavesTheFolderAsItWas()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("old.zip"), "old");
        FileTarget.Check("--model", folder.File("old.zip"));
        FileTarget.Check("--model", folder.File("new.zip"));
        Assert.AreEqual("old", File.ReadAllText(folder.File("old.zip")));
        Assert.AreEqual(1, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [TestMethod]
    public void AFailedWriteLeavesWhatWasThere()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.zip");
        File.WriteAllText(path, "old");
        FileTarget target = FileTarget.Check("--model", path);
        Assert.ThrowsExactly<IOException>(() => target.Write(stream =>
        {
            stream.WriteByte(1);
            throw new IOException("disk full");
        }));
        Assert.AreEqual("old", File.ReadAllText(path));
        Assert.AreEqual(1, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [TestMethod]
    public void WhatCannotBeWrittenIsRefused()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("file");
        File.WriteAllText(file, "");
        Errors.Have(() => FileTarget.Check("--model", ""), "--model must be the name of a file, but was empty.");
        Errors.Have(() => FileTarget.Check("--model", folder.Path), "is a folder");
        Errors.Have(() => FileTarget.Check("--model", folder.File("no/such/model.zip")), "there is no folder");
        Errors.Have(() => FileTarget.Check("--model", Path.Combine(file, "model.zip")), "is a file, not a folder");
        Errors.Have(() => FileTarget.Check("--out", file, file), "must not be a file that the command reads");
        Errors.Have(() => FileTarget.Check("--out", file).Apart(null, file), "--out must not be a file that another option writes");
        File.SetAttributes(file, FileAttributes.ReadOnly);
        Errors.Have(() => FileTarget.Check("--model", file), "is read-only");
        File.SetAttributes(file, FileAttributes.Normal);
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void ALinkKeepsItsPlaceAndItsTargetIsWritten()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("target"), "old");
        File.CreateSymbolicLink(folder.File("link"), folder.File("target"));
        FileTarget.Check("--model", folder.File("link")).Write(stream => stream.WriteByte((byte)'n'));
        Assert.AreEqual("n", File.ReadAllText(folder.File("target")));
        Assert.IsNotNull(new FileInfo(folder.File("link")).LinkTarget);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void TheLongestLegalNameIsLegalAndALongerOneIsNot()
    {
        using var folder = new TemporaryFolder();
        FileTarget.Check("--model", folder.File(new string('ä', 127))).Write(stream => stream.WriteByte(1));
        Assert.IsTrue(File.Exists(folder.File(new string('ä', 127))));
        Errors.Have(() => FileTarget.Check("--model", folder.File(new string('ä', 128))), "cannot be written");
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void LinksThatLeadInACircleAreRefused()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("a"), folder.File("b"));
        File.CreateSymbolicLink(folder.File("b"), folder.File("a"));
        Errors.Have(() => FileTarget.Check("--model", folder.File("a")), "cannot be written");
    }

    [TestMethod]
    [DataRow("/data/my model.zip", true)]
    [DataRow("/data", false)]
    [DataRow("/data/my", false)]
    public void AFileThatIsAMountPointIsFound(string path, bool mounted) =>
        Assert.AreEqual(mounted, MountPoints.Contain(["36 35 98:0 / / rw,noatime - ext3 /dev/root rw", @"41 36 8:1 /m /data/my\040model.zip rw - ext4 /dev/sda1 rw"], path));

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void AMountPointIsRefusedAtTheStart()
    {
        // Where the tests run in a container, single files are mounted; elsewhere there may be none.
        string? file = File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4]).FirstOrDefault(File.Exists);
        if (file is not null) Errors.Have(() => FileTarget.Check("--model", file), "cannot be written");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void AFolderThatTakesNoFilesIsFoundOut() => Errors.Have(() => FileTarget.Check("--out", "/proc/forecast.csv"), "--out '/proc/forecast.csv' cannot be written: ");

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void ADeviceIsNoFile() => Errors.Have(() => FileTarget.Check("--out", "/dev/null"), "is a device");
}
