using MlnetClip.Kernels;

namespace MlnetClip.Core.Tests.Kernels;

/// <summary>All vector widths, as test data. A test of one that the processor lacks ends as inconclusive and says so.</summary>
internal static class Paths
{
    public static IEnumerable<object[]> All => Enum.GetNames<KernelPath>().Select(name => new object[] { name });

    /// <summary>The kernels of a path, or an inconclusive test.</summary>
    public static KernelSet Kernels(string name)
    {
        var path = Enum.Parse<KernelPath>(name);
        if (!KernelPaths.IsSupported(path)) Assert.Inconclusive($"This processor, or this run's settings, have no {name}.");
        return KernelSet.For(path);
    }
}
