using System.Runtime.InteropServices;
namespace MlnetClip.Build;

/// <summary>The commands of build.sh and build.cmd.</summary>
internal static class Commands
{
    private const string Configuration = "Release";

    private const string Help =
        """
        usage: build.sh <command> [arguments]        (Windows: build.cmd)

          demo    runs samples/Demo: finds the threshold, trains, compares, saves, loads and forecasts on real data;
                  arguments go to it
          test    builds everything and runs all tests; arguments after -- go to every test program,
                  for example: build.sh test -- --filter FullyQualifiedName~Clipping
          bench   runs test/MlnetClip.Benchmarks; arguments go to it, for example: build.sh bench --help
          build   builds everything in Release; arguments go to `dotnet build`
          libtorch FOLDER
                  makes copies of TorchSharp's native library in the folder loadable on Linux systems whose libstdc++ is older than
                  GCC 13.2's, such as Debian 12; test and bench do this for their own
          pack    packs the libraries and the tool into artifacts/packages; arguments go to `dotnet pack`. The tool is compiled ahead of
                  time for this platform, or for -p:ToolRuntime=RID; -p:ToolRuntime= packs it as IL only
        """;

    /// <summary>Runs the command; the exit code is that of what it ran, or 2 for wrong arguments.</summary>
    public static int Run(string[] args)
    {
        try
        {
            return Dispatch(args);
        }
        catch (BuildException e)
        {
            Console.Error.WriteLine(e.Message);
            return e.ExitCode;
        }
    }

    private static int Dispatch(string[] args)
    {
        if (args is ["--help" or "-h" or "help", ..])
        {
            Console.WriteLine(Help);
            return 0;
        }

        string command = args is [var first, ..] ? first : throw new BuildException($"No command was given.\n{Help}", exitCode: 2);
        (string[] own, string[] passed) = Split(args[1..]);
        if (own is ["--help" or "-h"] && command is "test" or "build" or "pack" or "libtorch") return Dispatch(["--help"]);

        switch (command)
        {
            case "demo":
                return RunProject(["samples", "Demo"], [.. own, .. passed]);
            case "bench":
                return Bench([.. own, .. passed]);
            case "build":
                return Build([.. own, .. passed]);
            case "test":
                if (own.Length > 0) throw new BuildException($"test: '{own[0]}' is not known.\nHint: arguments for the test programs come after --.", exitCode: 2);
                int built = Build([WithLibtorch]);
                if (built != 0) return built;
                TorchSharpLibrary.Prepare(Repository.At("test"));
                return TestRun.Run(Configuration, passed);
            case "libtorch":
                return Libtorch([.. own, .. passed]);
            case "pack":
                return Pack([.. own, .. passed]);
            default:
                throw new BuildException($"'{command}' is not a command.\n{Help}", exitCode: 2);
        }
    }

    private static int Build(IEnumerable<string> arguments) =>
        Dotnet.Run(["build", Repository.Solution, "-nologo", "-v", "quiet", "-c", Configuration, .. arguments]);

    /// <summary>Restores libtorch too, which is large, and copies it to the output folders of the projects that run it.</summary>
    private const string WithLibtorch = "-p:WithLibtorch=true";

    private static int Bench(string[] arguments)
    {
        string project = Repository.At("test", "MlnetClip.Benchmarks");
        int built = Dotnet.Run(["build", project, "-nologo", "-v", "quiet", "-c", Configuration, WithLibtorch, "-p:WithPeers=true"]);
        if (built != 0) return built;
        TorchSharpLibrary.Prepare(Repository.At("test"));
        return Dotnet.Run(["run", "-c", Configuration, "--no-build", "--project", project, "--", .. arguments]);
    }

    private static int Libtorch(string[] folders)
    {
        if (folders is not [var folder]) throw new BuildException("libtorch: it takes one folder.", exitCode: 2);
        IReadOnlyList<string> changed = TorchSharpLibrary.Prepare(folder);
        foreach (string file in changed) Console.WriteLine($"Changed {file}.");
        if (changed.Count == 0) Console.WriteLine("Nothing to change: this system does not need it, or every copy is changed already.");
        return 0;
    }

    private static int Pack(IEnumerable<string> arguments)
    {
        string folder = Repository.At("artifacts", "packages");
        string runtime = $"-p:ToolRuntime={Runtime}"; // before the arguments: the last value of a property counts
        int exitCode = Dotnet.Run(["pack", Repository.Solution, "-nologo", "-v", "quiet", "-c", Configuration, "-o", folder, runtime, .. arguments]);
        if (exitCode != 0) return exitCode;
        Console.WriteLine($"Packages in {folder}:");
        foreach (string package in Directory.EnumerateFiles(folder, "*.nupkg").Order(StringComparer.Ordinal)) Console.WriteLine($"  {Path.GetFileName(package)}");
        Console.WriteLine($"To install the tool mlnetclip: dotnet tool install --global MlnetClip.Cli --add-source {folder}");
        return 0;
    }

    /// <summary>The platform as Microsoft's packages name it; that of a .NET that a Linux distribution built has the distribution's name.</summary>
    private static string Runtime
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx"
                : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "linux-musl" : "linux";
            return $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    private static int RunProject(string[] folder, IEnumerable<string> arguments) =>
        Dotnet.Run(["run", "-c", Configuration, "--project", Repository.At(folder), "--", .. arguments]);

    /// <summary>The arguments before the first -- and those after it.</summary>
    internal static (string[] Own, string[] Passed) Split(string[] args)
    {
        int dashes = Array.IndexOf(args, "--");
        return dashes < 0 ? (args, []) : (args[..dashes], args[(dashes + 1)..]);
    }
}
