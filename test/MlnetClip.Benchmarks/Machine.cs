using System.Runtime.InteropServices;
using MlnetClip.Kernels;

namespace MlnetClip.Benchmarks;

/// <summary>The machine in words.</summary>
internal static class Machine
{
    public static string Describe(Peer? peer)
    {
        string processor = !File.Exists("/proc/cpuinfo") ? RuntimeInformation.ProcessArchitecture.ToString()
            : File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[1] ?? "?";
        string torch = peer is null ? "" : $", PyTorch {peer.Version}";
        return $"{processor}, {Environment.ProcessorCount} cores, {KernelPaths.Best}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}{torch}";
    }
}
