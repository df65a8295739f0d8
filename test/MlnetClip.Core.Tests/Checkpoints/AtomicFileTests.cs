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
}
