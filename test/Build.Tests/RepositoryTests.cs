using System.Text.RegularExpressions;
using System.Xml.Linq;
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
    public void EveryPackageVersionIsUsedByAProject()
    {
        string[] versions = Included(Path.Combine(RepositoryFiles.Root, "Directory.Packages.props"), "PackageVersion");
        string[] used = [.. new[] { "*.csproj", "*.props", "*.targets" }
            .SelectMany(pattern => Directory.EnumerateFiles(RepositoryFiles.Root, pattern, SearchOption.AllDirectories))
            .Where(p => !p.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(p => Included(p, "PackageReference")).Distinct()];

        CollectionAssert.AreEquivalent(versions, used);
    }

    /// <summary>libtorch is 598 MB: the test and bench commands ask for it by a property, and no other command restores it.</summary>
    [TestMethod]
    public void LibtorchIsRestoredOnlyOnRequest()
    {
        XElement[] references = [.. Directory.EnumerateFiles(RepositoryFiles.Root, "*.csproj", SearchOption.AllDirectories)
            .SelectMany(project => XElement.Load(project).Descendants("PackageReference"))
            .Where(reference => ((string?)reference.Attribute("Include"))?.StartsWith("libtorch-", StringComparison.OrdinalIgnoreCase) == true)];

        Assert.IsNotEmpty(references);
        foreach (XElement reference in references)
            Assert.StartsWith("'$(With", (string?)reference.Parent!.Attribute("Condition") ?? "no condition");
    }

    private static string[] Included(string project, string item) =>
        [.. XElement.Load(project).Descendants(item).Select(e => (string?)e.Attribute("Include")).OfType<string>()];

    [GeneratedRegex("""= "[^"]*", "([^"]*\.csproj)",""")]
    private static partial Regex ProjectPath();

    /// <summary>ExplodingGradients shows the engine itself; every other sample is a user of the library.</summary>
    [TestMethod]
    public void UsersNeedNoOtherNamespacesThanMicrosoftsAndMlnetClip()
    {
        string samples = Path.Combine(RepositoryFiles.Root, "samples");
        string[] others =
        [
            .. from file in Directory.EnumerateFiles(samples, "*.cs", SearchOption.AllDirectories)
            let path = Path.GetRelativePath(samples, file)
            where !path.StartsWith("ExplodingGradients", StringComparison.Ordinal) && !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin")
            from line in File.ReadLines(file)
            where line.StartsWith("using MlnetClip.", StringComparison.Ordinal)
            select $"{path}: {line}",
        ];
        Assert.IsEmpty(others, string.Join(Environment.NewLine, others));
    }
}
