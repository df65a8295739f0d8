using MlnetClip.TestKit;

namespace MlnetClip.Build.Tests;

/// <summary>docfx builds the pages as a site, in which every link leads to a page, a heading or a file.</summary>
[TestClass]
public sealed class DocumentationSiteTests
{
    [TestMethod]
    public void TheSiteBuildsWithoutAWarning()
    {
        ProcessOutcome restored = Dotnet("tool", "restore");
        if (restored.ExitCode != 0) Assert.Inconclusive($"The tool docfx could not be restored, so the site was not built: {restored.Output}{restored.Error}");
        using var folder = new TemporaryFolder();

        ProcessOutcome built = Dotnet("tool", "run", "docfx", "build", "docfx.json", "--output", folder.Path);

        Assert.AreEqual(0, built.ExitCode, $"{built.Output}{built.Error}");
        StringAssert.Contains(built.Output, "0 warning(s)", built.Output);
        foreach (string page in new[] { "index.html", "README.html", "monitoring.html", Path.Combine("decisions", "README.html"), "icon.png" }) Assert.IsTrue(File.Exists(folder.File(page)), page);
    }

    private static ProcessOutcome Dotnet(params string[] arguments) =>
        ProcessRunner.Run(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments, RepositoryFiles.Root);
}
