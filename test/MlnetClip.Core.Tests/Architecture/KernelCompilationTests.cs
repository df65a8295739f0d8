using System.Reflection;
using MlnetClip.Kernels;

namespace MlnetClip.Core.Tests.Architecture;

/// <summary>
/// Kernels are compiled with full optimization, each by itself. Where the compiler inlines one into a caller that it compiles again with a profile, vector operations beyond the limit of inlining become
/// calls: a step of a GRU of 128 units took 1.5 to 4 times as long.
/// </summary>
[TestClass]
public sealed class KernelCompilationTests
{
    [TestMethod]
    public void OptimizedMethodsAreNotInlined()
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        MethodInfo[] optimized = [.. typeof(KernelSet).Assembly.GetTypes().SelectMany(type => type.GetMethods(All))
            .Where(method => method.MethodImplementationFlags.HasFlag(MethodImplAttributes.AggressiveOptimization))];
        Assert.IsGreaterThan(30, optimized.Length);
        foreach (MethodInfo method in optimized)
            Assert.IsTrue(method.MethodImplementationFlags.HasFlag(MethodImplAttributes.NoInlining), $"{method.DeclaringType}.{method.Name} can be inlined.");
    }
}
