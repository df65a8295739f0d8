using System.Text.Json;

namespace MlnetClip.Build;

/// <summary>
/// Chooses the source of Microsoft.ML: the packages, or the stand-in where the registry does not know them.
/// The choice is remembered in MLNetSource.props, which Directory.Build.props imports.
/// </summary>
internal static class MLNetSource
{
    private const string Variable = "MLNetSource";
    private const string Nuget = "nuget";
    private const string Offline = "offline";

    /// <summary>Chooses, says so in one line, remembers it, and hands it to every process started from here.</summary>
    /// <param name="option">The value of --mlnet, or null.</param>
    /// <exception cref="BuildException">The source named does not exist, or the registry could not be asked.</exception>
    public static void Choose(string? option)
    {
        (string source, string reason) = option is not null ? (Known(option, "--mlnet"), "asked for with --mlnet")
            : Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? (Known(named, Variable), $"the environment sets {Variable}")
            : Probe();

        Console.WriteLine($"Microsoft.ML: {(source == Nuget ? "the packages" : "the stand-in")} (MLNetSource={source}): {reason}.");
        Remember(source);
        Environment.SetEnvironmentVariable(Variable, source);
    }

    private static string Known(string source, string owner) => source is Nuget or Offline ? source
        : throw new BuildException($"{owner}: the source of Microsoft.ML is '{Nuget}' or '{Offline}', not '{source}'.", exitCode: 2);

    private static (string Source, string Reason) Probe()
    {
        string assets = Repository.At("eng", "probe", "obj", "project.assets.json");
        if (File.Exists(assets)) File.Delete(assets);
        (int exitCode, string output) = Dotnet.Capture("restore", Repository.At("eng", "probe", "MLNetProbe.proj"), "-nologo");
        return Judge(exitCode, File.Exists(assets) ? File.ReadAllText(assets) : "{}", output);
    }

    /// <summary>What restoring the probe says about the registry.</summary>
    /// <param name="exitCode">The exit code of `dotnet restore`.</param>
    /// <param name="assets">The assets file that it wrote, or {}.</param>
    /// <param name="output">What it printed.</param>
    /// <exception cref="BuildException">It failed for another reason than that the registry does not know the packages.</exception>
    internal static (string Source, string Reason) Judge(int exitCode, string assets, string output)
    {
        using JsonDocument document = JsonDocument.Parse(assets);
        if (exitCode == 0) return (Nuget, $"{ResolvedIn(document.RootElement)} was restored");

        List<(string Code, string Package)> errors = ErrorsIn(document.RootElement);
        if (errors.Count > 0 && errors.TrueForAll(e => e.Code is "NU1101" or "NU1102" && IsMLNet(e.Package)))
            return (Offline, $"the registry does not have {errors[0].Package} in a version that we support ({errors[0].Code})");

        throw new BuildException(
            $"""
            The registry could not be asked for the Microsoft.ML packages. `dotnet restore` said:
            {output.Trim()}
            Hint: check the network and the package sources (`dotnet nuget list source`).
            Hint: to build on the stand-in without asking, add `--mlnet offline` or set {Variable}=offline.
            """);
    }

    private static bool IsMLNet(string package) =>
        package.Equals("Microsoft.ML", StringComparison.OrdinalIgnoreCase) || package.StartsWith("Microsoft.ML.", StringComparison.OrdinalIgnoreCase);

    /// <summary>Restore writes its errors into the assets file, with code and package apart: no message is parsed.</summary>
    private static List<(string Code, string Package)> ErrorsIn(JsonElement assets)
    {
        if (!assets.TryGetProperty("logs", out JsonElement logs)) return [];
        return [.. logs.EnumerateArray().Where(l => Text(l, "level") == "Error").Select(l => (Text(l, "code"), Text(l, "libraryId")))];

        static string Text(JsonElement log, string name) => log.TryGetProperty(name, out JsonElement value) ? value.GetString() ?? "" : "";
    }

    private static string ResolvedIn(JsonElement assets) => assets.GetProperty("libraries").EnumerateObject()
        .Select(l => l.Name).Single(n => n.StartsWith("Microsoft.ML/", StringComparison.OrdinalIgnoreCase)).Replace('/', ' ');

    private static void Remember(string source)
    {
        string file = Repository.At("MLNetSource.props");
        string content =
            $"""
            <Project>
              <!-- Written by build.sh and build.cmd: the source of Microsoft.ML that they chose last. -->
              <PropertyGroup>
                <MLNetSource Condition="'$(MLNetSource)' == ''">{source}</MLNetSource>
              </PropertyGroup>
            </Project>

            """;
        // An unchanged file keeps its time stamp, and with it everything built so far.
        if (!File.Exists(file) || File.ReadAllText(file) != content) File.WriteAllText(file, content);
    }
}
