using System.Diagnostics;

namespace MlnetClip.Build;

/// <summary>Runs the `dotnet` that runs this program.</summary>
internal static class Dotnet
{
    private static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";

    /// <summary>Runs in the caller's folder, on the caller's console; returns the exit code.</summary>
    public static int Run(params IEnumerable<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Host, arguments)) ?? throw new BuildException($"'{Host}' did not start.");
        process.WaitForExit();
        return process.ExitCode;
    }
}
