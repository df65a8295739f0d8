using System.Text.RegularExpressions;
using MlnetClip.TestKit;

namespace MlnetClip.Build.Tests;

/// <summary>The pages name files and folders of this repository; each of them must exist.</summary>
[TestClass]
public sealed partial class DocumentationPathTests
{
    public static IEnumerable<object[]> Pages =>
        Directory.EnumerateFiles(RepositoryFiles.Root, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Select(page => new object[] { Path.GetRelativePath(RepositoryFiles.Root, page).Replace('\\', '/') });

    [TestMethod]
    [DynamicData(nameof(Pages))]
    public void EveryLinkLeadsToAFile(string page) => AssertExist(page, text =>
        Link().Matches(text).Select(match => match.Groups[1].Value)
            .Where(target => !target.Contains(':', StringComparison.Ordinal))
            .Select(target => Path.Combine(Path.GetDirectoryName(page)!, target)));

    [TestMethod]
    [DynamicData(nameof(Pages))]
    public void EveryPathOfTheRepositoryExists(string page) => AssertExist(page, text =>
        RepositoryPath().Matches(text).Select(match => match.Value.TrimEnd('/')));

    [TestMethod]
    public void TheSiteListsEveryPage()
    {
        string docs = Path.Combine(RepositoryFiles.Root, "docs"), contents = File.ReadAllText(Path.Combine(docs, "toc.yml")), overview = File.ReadAllText(Path.Combine(docs, "index.md"));
        foreach (string page in Directory.EnumerateFiles(docs, "*.md").Select(path => Path.GetFileName(path)).Where(page => page != "index.md"))
        {
            StringAssert.Contains(contents, $"href: {page}");
            StringAssert.Contains(overview, $"({page})");
        }
    }

    [TestMethod]
    public void EveryPageCanBeReachedFromTheTableOfContents()
    {
        string docs = Path.Combine(RepositoryFiles.Root, "docs");
        var open = new Queue<string>(File.ReadLines(Path.Combine(docs, "toc.yml")).Where(line => line.Contains("href:", StringComparison.Ordinal)).Select(line => Path.Combine(docs, line.Split("href:")[1].Trim())));
        var reached = new HashSet<string>();
        while (open.TryDequeue(out string? page))
        {
            if (!reached.Add(Path.GetFullPath(page))) continue;
            foreach (Match link in Link().Matches(File.ReadAllText(page)))
                if (link.Groups[1].Value is var target && target.EndsWith(".md", StringComparison.Ordinal) && !target.Contains(':', StringComparison.Ordinal)) open.Enqueue(Path.Combine(Path.GetDirectoryName(page)!, target));
        }

        string[] missed = [.. Directory.EnumerateFiles(docs, "*.md", SearchOption.AllDirectories).Where(page => !reached.Contains(Path.GetFullPath(page)))];
        Assert.IsEmpty(missed, string.Join(", ", missed));
    }

    // In code spans, such as `Training/TrainingLoop.cs`: a path within some folder of src.
    [TestMethod]
    [DynamicData(nameof(Pages))]
    public void EverySourceFileExists(string page)
    {
        string[] sources = [.. Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "src"), "*.cs", SearchOption.AllDirectories).Select(p => p.Replace('\\', '/'))];
        string[] missing = [.. SourceFile().Matches(Read(page)).Select(match => match.Groups[1].Value)
            .Where(name => !sources.Any(source => source.EndsWith("/" + name, StringComparison.Ordinal)) && !File.Exists(Path.Combine(RepositoryFiles.Root, name)))];

        Assert.IsEmpty(missing, $"{page} names {string.Join(", ", missing)}");
    }

    private static void AssertExist(string page, Func<string, IEnumerable<string>> paths)
    {
        string[] missing = [.. paths(Read(page)).Distinct().Where(path => !Path.Exists(Path.Combine(RepositoryFiles.Root, path)))];

        Assert.IsEmpty(missing, $"{page} names {string.Join(", ", missing)}");
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(RepositoryFiles.Root, page));

    [GeneratedRegex(@"\]\(([^)#\s]+)[^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\b(?:src|test|samples|docs|eng)/[A-Za-z][\w./-]*\w/?")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"`([\w./]+\.cs)`")]
    private static partial Regex SourceFile();
}
