using System.Diagnostics;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace MlnetClip.TestKit;

/// <summary>Runs a program to its end and keeps what it printed.</summary>
public static class ProcessRunner
{
    /// <summary>Runs <paramref name="program"/>; fails and ends it if it takes longer than <see cref="Patience.Limit"/>.</summary>
    /// <param name="program">A program's path or its name on the PATH.</param>
    /// <param name="arguments">Its arguments, unquoted.</param>
    /// <param name="folder">Its working folder; the tests' by default.</param>
    /// <param name="variable">An environment variable and its value; none by default.</param>
    public static ProcessOutcome Run(string program, IEnumerable<string> arguments, string? folder = null, (string Name, string Value)? variable = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? AppContext.BaseDirectory,
        };
        if (variable is { } set) start.Environment[set.Name] = set.Value;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience.Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', start.ArgumentList)} did not end. It had printed:\n{output.Result}\n{error.Result}");
        }

        return new ProcessOutcome(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Runs a .NET assembly with the <c>dotnet</c> that runs the tests.</summary>
    public static ProcessOutcome RunAssembly(string assembly, IEnumerable<string> arguments, string? folder = null, (string Name, string Value)? variable = null) =>
        Run(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", assembly, .. arguments], folder, variable);
}
