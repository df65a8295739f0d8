using System.IO.Compression;
using System.Xml.Linq;
using MlnetClip.TestKit;

namespace MlnetClip.Build.Tests;

/// <summary>The packages as <c>build.sh pack</c> makes them, and the tool as a user installs it from a folder.</summary>
[TestClass]
public sealed class PackageTests
{
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    [TestMethod]
    public void TheToolInstallsFromAFolder()
    {
        using var folder = new TemporaryFolder();
        string packages = folder.File("packages"), tools = folder.File("tools");
        foreach (string project in new[] { "MlnetClip", "MlnetClip.Cli" })
            Dotnet("pack", Path.Combine(RepositoryFiles.Root, "src", project), "-c", Configuration, "--no-build", "-nologo", "-v", "quiet", "-o", packages);
        string[] files = [.. Directory.EnumerateFiles(packages, "*.nupkg")];
        Assert.HasCount(2, files);
        foreach (string file in files) CarriesReadmeAndIcon(file);

        string version = XElement.Load(Path.Combine(RepositoryFiles.Root, "Directory.Build.props")).Descendants("Version").Single().Value;
        Dotnet("tool", "install", "MlnetClip.Cli", "--tool-path", tools, "--source", packages, "--version", version);
        string tool = Path.Combine(tools, OperatingSystem.IsWindows() ? "mlnetclip.exe" : "mlnetclip");
        ProcessOutcome help = ProcessRunner.Run(tool, ["train", "--help"], folder.Path);
        Assert.AreEqual(0, help.ExitCode, help.Error);
        Assert.Contains("forecasting", help.Output);
    }

    private static void CarriesReadmeAndIcon(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        using Stream stream = archive.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        XElement metadata = XElement.Load(stream).Elements().First();
        foreach (string name in new[] { "readme", "icon" })
        {
            string file = metadata.Elements().Single(element => element.Name.LocalName == name).Value;
            Assert.IsGreaterThan(0, archive.GetEntry(file)!.Length, file);
        }
    }

    private static void Dotnet(params string[] arguments)
    {
        ProcessOutcome outcome = ProcessRunner.Run(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments, RepositoryFiles.Root);
        Assert.AreEqual(0, outcome.ExitCode, $"dotnet {string.Join(' ', arguments)}\n{outcome.Output}\n{outcome.Error}");
    }
}
