using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using MlnetClip.Parameters;
using MlnetClip.TestKit;

namespace MlnetClip.Core.Tests.Architecture;

/// <summary>References go one way, and the engine stands on the runtime alone: read from the project files and from the assembly.</summary>
[TestClass]
public sealed class ReferencesTests
{
    // Which projects of src a project may reference.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["MlnetClip.Core"] = [],
        ["MlnetClip"] = ["MlnetClip.Core"],
        ["MlnetClip.Onnx"] = ["MlnetClip", "MlnetClip.Core"],
        ["MlnetClip.Search"] = ["MlnetClip", "MlnetClip.Core"],
        ["MlnetClip.TorchSharp"] = ["MlnetClip.Core"],
        ["MlnetClip.Reports"] = ["MlnetClip.Search", "MlnetClip", "MlnetClip.Core"],
        ["MlnetClip.Cli"] = ["MlnetClip.Reports", "MlnetClip.Onnx", "MlnetClip.Search", "MlnetClip.TorchSharp", "MlnetClip", "MlnetClip.Core"],
    };

    public static IEnumerable<object[]> Projects => Directory
        .GetFiles(Path.Combine(RepositoryFiles.Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .Select(path => new object[] { Path.GetRelativePath(RepositoryFiles.Root, path) });

    [TestMethod]
    [DynamicData(nameof(Projects))]
    public void AProjectReferencesOnlyThoseBelowIt(string project)
    {
        string name = Path.GetFileNameWithoutExtension(project);
        Assert.IsTrue(Allowed.TryGetValue(name, out string[]? allowed), $"{name} has no place in the order of references yet.");

        foreach (string reference in Includes(project, "ProjectReference"))
        {
            string referenced = Path.GetFileNameWithoutExtension(reference.Replace('\\', '/'));
            Assert.IsTrue(allowed!.Contains(referenced), $"{name} must not reference {referenced}.");
        }
    }

    [TestMethod]
    public void TheOrderOfReferencesNamesProjectsThatExist()
    {
        string[] names = [.. Projects.Select(project => Path.GetFileNameWithoutExtension((string)project[0]))];

        CollectionAssert.AreEquivalent(names, Allowed.Keys);
        CollectionAssert.IsSubsetOf(Allowed.Values.SelectMany(allowed => allowed).Distinct().ToArray(), names);
    }

    [TestMethod]
    [DynamicData(nameof(Projects))]
    public void PackageAndAssemblyCarryTheProjectsName(string project)
    {
        XDocument file = Read(project);

        Assert.IsEmpty(file.Descendants("PackageId"));
        Assert.IsEmpty(file.Descendants("AssemblyName"));
        Assert.AreEqual(Path.GetFileName(Path.GetDirectoryName(project)), Path.GetFileNameWithoutExtension(project));
    }

    [TestMethod]
    public void TheEngineHasNoReferences()
    {
        foreach (string kind in new[] { "PackageReference", "ProjectReference", "Reference", "FrameworkReference", "Import" })
            Assert.IsEmpty(Includes("src/MlnetClip.Core/MlnetClip.Core.csproj", kind), kind);
    }

    [TestMethod]
    public void TheEnginesAssemblyNeedsOnlyTheRuntime()
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

        foreach (AssemblyName reference in Engine.GetReferencedAssemblies())
            Assert.IsTrue(File.Exists(Path.Combine(runtime, reference.Name + ".dll")), $"{reference.Name} is not part of the runtime.");
    }

    [TestMethod]
    public void OnlyTestsAndBenchmarksSeeTheEnginesInternals()
    {
        string[] expected = ["MlnetClip.Benchmarks", "MlnetClip.Core.Tests", "MlnetClip.TestKit"];

        string[] actual = [.. Engine.GetCustomAttributes<InternalsVisibleToAttribute>().Select(a => a.AssemblyName).Order(StringComparer.Ordinal)];

        CollectionAssert.AreEqual(expected, actual);
    }

    [TestMethod]
    public void TheAssemblyVersionThatModelFilesNameIsFixed() => Assert.AreEqual(new Version(1, 0, 0, 0), Engine.GetName().Version);

    private static Assembly Engine => typeof(ParameterSet).Assembly;

    private static string[] Includes(string project, string kind) =>
        [.. Read(project).Descendants(kind).Select(e => (string?)e.Attribute("Include") ?? (string?)e.Attribute("Project") ?? "")];

    private static XDocument Read(string project) => XDocument.Load(Path.Combine(RepositoryFiles.Root, project));
}
