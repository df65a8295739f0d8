using System.Text.RegularExpressions;
using MlnetClip.TestKit;

namespace MlnetClip.Search.Tests.Architecture;

/// <summary>Only the study front knows ML.NET: everything else could search anything.</summary>
[TestClass]
public sealed partial class LayersTests
{
    private static readonly string[] Front = ["Studies"];

    public static IEnumerable<object[]> Folders => Directory
        .GetDirectories(Path.Combine(RepositoryFiles.Root, "src", "MlnetClip.Search"))
        .Select(path => Path.GetFileName(path)!)
        .Where(name => name is not ("bin" or "obj") && !Front.Contains(name))
        .Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Folders))]
    public void AFolderBelowTheFrontDoesNotNameMLNet(string folder)
    {
        string path = Path.Combine(RepositoryFiles.Root, "src", "MlnetClip.Search", folder);
        string[] files = Directory.GetFiles(path, "*.cs", SearchOption.AllDirectories);

        Assert.IsNotEmpty(files);
        foreach (string file in files) Assert.IsFalse(MLNet().IsMatch(File.ReadAllText(file)), Path.GetRelativePath(path, file));
    }

    [TestMethod]
    public void OnlyStoresKnowSqlite()
    {
        string root = Path.Combine(RepositoryFiles.Root, "src", "MlnetClip.Search");
        foreach (string file in Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            string path = Path.GetRelativePath(root, file).Replace('\\', '/');
            if (path.StartsWith("Stores/", StringComparison.Ordinal) || path.StartsWith("obj/", StringComparison.Ordinal)) continue;
            Assert.DoesNotContain("Microsoft.Data.Sqlite", File.ReadAllText(file), path);
        }
    }

    [GeneratedRegex(@"Microsoft\.ML|MLContext|IDataView|ITransformer|IEstimator")]
    private static partial Regex MLNet();
}
