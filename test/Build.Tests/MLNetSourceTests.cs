using MlnetClip.TestKit;

namespace MlnetClip.Build.Tests;

/// <summary>Only the registry's answer that it does not know the packages selects the stand-in.</summary>
[TestClass]
public sealed class MLNetSourceTests
{
    [TestMethod]
    public void PackagesThatRestoreAreTaken()
    {
        (string source, string reason) = MLNetSource.Judge(0, """{ "libraries": { "microsoft.ml.dataview/5.0.0": {}, "Microsoft.ML/5.0.0": {} } }""", "");
        Assert.AreEqual("nuget", source);
        StringAssert.Contains(reason, "Microsoft.ML 5.0.0");
    }

    [TestMethod]
    [DataRow("NU1101", "Microsoft.ML")]
    [DataRow("NU1102", "Microsoft.ML")]
    [DataRow("NU1101", "Microsoft.ML.DataView")]
    public void AnUnknownPackageSelectsTheStandIn(string code, string package)
    {
        (string source, string reason) = MLNetSource.Judge(1, Assets((code, package)), "");
        Assert.AreEqual("offline", source);
        StringAssert.Contains(reason, package);
        StringAssert.Contains(reason, code);
    }

    [TestMethod]
    [DataRow("NU1301", "Microsoft.ML", DisplayName = "the network")]
    [DataRow("NU1301", "", DisplayName = "the network, package unnamed")]
    [DataRow("NU1101", "Newtonsoft.Json", DisplayName = "another package")]
    [DataRow("NU1101", "Microsoft.MLX", DisplayName = "another package of a similar name")]
    public void AnyOtherErrorStopsTheBuild(string code, string package)
    {
        var error = Assert.ThrowsExactly<BuildException>(() => MLNetSource.Judge(1, Assets((code, package)), "what restore said"));
        StringAssert.Contains(error.Message, "what restore said");
        StringAssert.Contains(error.Message, "\nHint: ");
    }

    [TestMethod]
    public void AnUnknownPackageBesideANetworkErrorStopsTheBuild() =>
        Assert.ThrowsExactly<BuildException>(() => MLNetSource.Judge(1, Assets(("NU1101", "Microsoft.ML"), ("NU1301", "")), ""));

    [TestMethod]
    public void AFailureWithoutAnAssetsFileStopsTheBuild() =>
        Assert.ThrowsExactly<BuildException>(() => MLNetSource.Judge(1, "{}", ""));

    [TestMethod]
    public void RestoreItselfSaysSoWhenASourceDoesNotHoldThePackages()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(RepositoryFiles.Root, "eng", "probe", "MLNetProbe.proj"), folder.File("MLNetProbe.proj"));
        File.Copy(Path.Combine(RepositoryFiles.Root, "Directory.Packages.props"), folder.File("Directory.Packages.props"));
        string emptySource = Directory.CreateDirectory(folder.File("source")).FullName;

        ProcessOutcome restore = ProcessRunner.Run("dotnet",
        [
            "restore", folder.File("MLNetProbe.proj"), "-p:TargetFramework=net10.0", $"-p:RestoreSources={emptySource}", "-p:RestoreAdditionalProjectSources=", $"-p:RestorePackagesPath={folder.File("packages")}",
        ], folder.Path, TimeSpan.FromMinutes(3));

        Assert.AreEqual("offline", MLNetSource.Judge(restore.ExitCode, File.ReadAllText(folder.File("obj/project.assets.json")), "").Source);
    }

    private static string Assets(params (string Code, string Package)[] errors) =>
        $$"""{ "logs": [ {{string.Join(", ", errors.Select(e => $$"""{ "code": "{{e.Code}}", "level": "Error", "libraryId": "{{e.Package}}" }"""))}}, { "code": "NU1603", "level": "Warning" } ] }""";
}
