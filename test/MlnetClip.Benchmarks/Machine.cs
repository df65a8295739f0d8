using System.Runtime.InteropServices;
using MlnetClip.Kernels;

namespace MlnetClip.Benchmarks;

/// <summary>The machine in words.</summary>
internal static class Machine
{
    public static string Describe()
    {
        return $"{Processor}, {Environment.ProcessorCount} cores, {KernelPaths.Best}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
    }

    /// <summary>The processor's name, with its family where the system tells it.</summary>
    public static string Processor
    {
        get
        {
            if (!File.Exists("/proc/cpuinfo")) return RuntimeInformation.ProcessArchitecture.ToString();
            string[] lines = [.. File.ReadLines("/proc/cpuinfo").TakeWhile(line => line.Length > 0)];
            string? family = Value("cpu family");
            return $"{Value("model name") ?? RuntimeInformation.ProcessArchitecture.ToString()}{(family is null ? "" : $" (family {family})")}";

            string? Value(string name) => lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(": ")[^1];
        }
    }
}
