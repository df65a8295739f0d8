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

    /// <summary>Runs and keeps what it prints; returns the exit code and the output.</summary>
    public static (int ExitCode, string Output) Capture(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Host, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new BuildException($"'{Host}' did not start.");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
