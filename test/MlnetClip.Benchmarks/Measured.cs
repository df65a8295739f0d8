using System.Diagnostics;
using System.Text.Json;

namespace MlnetClip.Benchmarks;

/// <summary>A figure of a process that measured one thing.</summary>
/// <param name="Value">The figure.</param>
/// <param name="PeakMib">The largest memory of the process, in MiB.</param>
/// <param name="Version">What was measured.</param>
internal sealed record Measured(double Value, double PeakMib, string Version)
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static string Host => System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";

    /// <summary>The figure as a line, as a measuring process prints it.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, Names);

    /// <summary>Runs a program that measures.</summary>
    /// <param name="program">Its assembly.</param>
    /// <param name="isa">The instructions that it may use.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="error">Why there is no figure; empty if there is one.</param>
    /// <returns>The figure; null where the program has none.</returns>
    public static Measured? Run(string program, Isa isa, IEnumerable<string> arguments, out string error)
    {
        var start = new ProcessStartInfo(Host, ["exec", program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in isa.Environment)
        {
            if (value is null) start.Environment.Remove(name);
            else start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        error = process.ExitCode == 0 ? "" : errors.Result.Trim();
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<Measured>(output, Names) : null;
    }
}
