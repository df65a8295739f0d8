using System.Text.RegularExpressions;
using MlnetClip.TestKit;

namespace MlnetClip.Build.Tests;

[TestClass]
public sealed partial class RepositoryTests
{
    [TestMethod]
    public void TheSolutionListsEveryProject()
    {
        string[] expected = [.. Directory.EnumerateFiles(RepositoryFiles.Root, "*.csproj", SearchOption.AllDirectories)
            .Select(p => Path.GetRelativePath(RepositoryFiles.Root, p).Replace('\\', '/')).Order(StringComparer.Ordinal)];

        string[] listed = [.. ProjectPath().Matches(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "MlnetClip.sln")))
            .Select(m => m.Groups[1].Value.Replace('\\', '/')).Order(StringComparer.Ordinal)];

        CollectionAssert.AreEqual(expected, listed);
    }

    [TestMethod]
    public void PackingIsRefusedOnTheStandIn()
    {
        using var folder = new TemporaryFolder();
        ProcessOutcome pack = ProcessRunner.Run("dotnet",
        [
            "pack", Path.Combine(RepositoryFiles.Root, "src", "MlnetClip.Core"), "--no-restore", "--no-build", "-c", "Release", "-p:MLNetSource=offline", "-o", folder.Path,
        ], timeout: TimeSpan.FromMinutes(3));

        Assert.AreNotEqual(0, pack.ExitCode);
        StringAssert.Contains(pack.Output, "is not packed with MLNetSource=offline");
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [GeneratedRegex("""= "[^"]*", "([^"]*\.csproj)",""")]
    private static partial Regex ProjectPath();
}
