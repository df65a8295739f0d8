namespace MlnetClip.Build;

/// <summary>The commands of build.sh and build.cmd.</summary>
internal static class Commands
{
    private const string Configuration = "Release";

    private const string Help =
        """
        usage: build.sh <command> [--mlnet nuget|offline] [arguments]        (Windows: build.cmd)

          demo    runs samples/Demo: find the threshold, train, compare, save, load and forecast on real data
          test    builds everything and runs all tests; arguments after -- go to every test program,
                  for example: build.sh test -- --filter FullyQualifiedName~Clipping
          bench   runs test/MlnetClip.Benchmarks; further arguments go to it
          build   builds everything in Release; further arguments go to `dotnet build`
          pack    packs the libraries and the tool into artifacts/packages; further arguments go to `dotnet pack`

          --mlnet nuget|offline   take the Microsoft.ML packages, or the stand-in in eng/offline-mlnet. Without it the
                                  environment variable MLNetSource decides, and without that the registry is asked:
                                  the stand-in is taken where it does not have the packages. The choice is remembered
                                  in MLNetSource.props for plain `dotnet build`, `dotnet run` and `dotnet test`.
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
        (string? source, List<string> own, List<string> passed) = Split(args[1..]);
        if (own is ["--help" or "-h"] && command is "test" or "build" or "pack") return Dispatch(["--help"]);

        switch (command)
        {
            case "demo":
                MLNetSource.Choose(source);
                return RunProject(["samples", "Demo"], [.. own, .. passed]);
            case "bench":
                MLNetSource.Choose(source);
                return RunProject(["test", "MlnetClip.Benchmarks"], [.. own, .. passed]);
            case "build":
                MLNetSource.Choose(source);
                return Build([.. own, .. passed]);
            case "test":
                if (own.Count > 0) throw new BuildException($"test: '{own[0]}' is not known.\nHint: arguments for the test programs come after --.", exitCode: 2);
                MLNetSource.Choose(source);
                int built = Build([]);
                return built != 0 ? built : TestRun.Run(Configuration, passed);
            case "pack":
                MLNetSource.Choose(source);
                return Dotnet.Run(["pack", Repository.Solution, "-nologo", "-v", "quiet", "-c", Configuration,
                    "-o", Repository.At("artifacts", "packages"), .. own, .. passed]);
            default:
                throw new BuildException($"'{command}' is not a command.\n{Help}", exitCode: 2);
        }
    }

    private static int Build(IEnumerable<string> arguments) =>
        Dotnet.Run(["build", Repository.Solution, "-nologo", "-v", "quiet", "-c", Configuration, .. arguments]);

    private static int RunProject(string[] folder, IEnumerable<string> arguments) =>
        Dotnet.Run(["run", "-c", Configuration, "--project", Repository.At(folder), "--", .. arguments]);

    /// <summary>Takes --mlnet out, and parts the arguments at the first --.</summary>
    internal static (string? Source, List<string> Own, List<string> Passed) Split(string[] args)
    {
        string? source = null;
        var own = new List<string>();
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "--") return (source, own, [.. args[(i + 1)..]]);
            if (args[i] != "--mlnet") own.Add(args[i]);
            else if (++i < args.Length) source = args[i];
            else throw new BuildException("--mlnet: 'nuget' or 'offline' is missing.", exitCode: 2);
        }

        return (source, own, []);
    }
}
