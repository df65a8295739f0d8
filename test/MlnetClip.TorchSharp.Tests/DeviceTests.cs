using MlnetClip.Training;
using TorchSharp;

namespace MlnetClip.Libtorch.Tests;

/// <summary>The device that a fit gets. The tests run with a libtorch for the CPU, which sees no CUDA device.</summary>
[TestClass]
public sealed class DeviceTests : LibtorchTest
{
    [TestMethod]
    public void WithoutAGpuOfTheContextItIsTheCpu() => Assert.AreEqual(DeviceType.CPU, TorchDevice.Choose(null, Request(null, false, null)).type);

    [TestMethod]
    public void AMissingGpuOfTheContextFallsBackWithAWarning()
    {
        var warnings = new List<string>();

        Assert.AreEqual(DeviceType.CPU, TorchDevice.Choose(null, Request(3, true, warnings)).type);

        Assert.HasCount(1, warnings);
        Assert.Contains("there is no cuda:3", warnings[0]);
    }

    [TestMethod]
    public void AMissingGpuOfTheContextIsAnErrorWithoutFallback()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => TorchDevice.Choose(null, Request(0, false, null)));

        Assert.Contains("there is no cuda:0: libtorch sees no CUDA device", error.Message);
        Assert.Contains("Hint: ", error.Message);
    }

    [TestMethod]
    public void AMissingDeviceThatIsSetIsAnErrorEvenWithFallback()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => TorchDevice.Choose(TorchDevice.Parse("cuda:1"), Request(null, true, null)));

        Assert.Contains("there is no cuda:1", error.Message);
    }

    [TestMethod]
    public void ADeviceThatIsSetOverridesTheContext() => Assert.AreEqual(DeviceType.CPU, TorchDevice.Choose(TorchDevice.Parse("cpu"), Request(0, false, null)).type);

    private static BackendRequest Request(int? gpu, bool fallback, List<string>? warnings)
    {
        GeneratedFit fit = GeneratedFit.Create(1);
        return new BackendRequest
        {
            Model = fit.Model, Shape = fit.Shape, BatchSize = 1, Loss = fit.Loss, GpuDeviceId = gpu, FallbackToCpu = fallback, Warn = warnings is null ? null : warnings.Add,
        };
    }
}
