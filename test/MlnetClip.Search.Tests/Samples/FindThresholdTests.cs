using System.Text.RegularExpressions;
using MlnetClip.TestKit;

namespace MlnetClip.Search.Tests.Samples;

/// <summary>The code of docs/search.md is the sample's, and the sample runs.</summary>
[TestClass]
public sealed partial class FindThresholdTests
{
    [TestMethod]
    public void TheCodeOfThePageIsTheSamples()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "search.md"));
        string sample = Flat(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "samples", "FindThreshold", "Program.cs")));
        MatchCollection blocks = Code().Matches(page);
        Assert.IsNotEmpty(blocks);
        foreach (Match block in blocks) StringAssert.Contains(sample, Flat(block.Groups[1].Value));
    }

    [TestMethod]
    public void TheSampleFindsAThresholdAndResumes()
    {
        using var folder = new TemporaryFolder();
        ProcessOutcome first = Run(folder);
        StringAssert.Matches(first.Output, new Regex("^(norm:[0-9.e-]+|none): clipping "));
        StringAssert.Contains(first.Output, "none: loss ");
        Assert.IsTrue(File.Exists(folder.File("best.zip")) && File.Exists(folder.File("study.db")));
        Assert.AreEqual(first.Output, Run(folder).Output);
    }

    private static ProcessOutcome Run(TemporaryFolder folder)
    {
        string program = Path.Combine(
            RepositoryFiles.Root, "samples", "FindThreshold", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "FindThreshold.dll");
        ProcessOutcome run = ProcessRunner.RunAssembly(program, [], folder.Path);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return run;
    }

    private static string Flat(string code) => Space().Replace(code, " ").Trim();

    [GeneratedRegex(@"```csharp\r?\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
