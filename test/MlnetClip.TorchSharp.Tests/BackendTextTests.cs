using MlnetClip.Training;
using TorchSharp;

namespace MlnetClip.Libtorch.Tests;

/// <summary>What users write to choose the engine and the device, and what they read when it does not work. Needs no libtorch.</summary>
[TestClass]
public sealed class BackendTextTests
{
    [TestMethod]
    [DataRow("torch", null)]
    [DataRow("torch:cpu", "cpu")]
    [DataRow("torch:cuda:0", "cuda:0")]
    [DataRow("torch:cuda:12", "cuda:12")]
    public void TextFormsAreReadAndPrinted(string text, string? device)
    {
        TorchSharpBackend.Register();

        var backend = (TorchSharpBackend)TrainingBackend.Parse(text);

        Assert.AreEqual(device, backend.Device);
        Assert.AreEqual(text, $"{backend}");
        Assert.AreEqual(device is null ? TorchSharpBackend.Default : TorchSharpBackend.On(device), backend);
    }

    [TestMethod]
    [DataRow("torch:")]
    [DataRow("torch:gpu")]
    [DataRow("torch:cuda:")]
    [DataRow("torch:cuda:-1")]
    [DataRow("torch:cuda:x")]
    public void OtherDevicesAreRefused(string text)
    {
        TorchSharpBackend.Register();

        var error = Assert.ThrowsExactly<FormatException>(() => TrainingBackend.Parse(text));

        Assert.Contains("must be torch, torch:cpu, torch:cuda or torch:cuda:N", error.Message);
        Assert.Contains($"'{text}'", error.Message);
    }

    [TestMethod]
    public void CudaAloneIsTheFirstDevice() => Assert.AreEqual("cuda:0", TorchSharpBackend.On("cuda").Device);

    [TestMethod]
    [DataRow("/usr/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by libLibTorchSharp.so)", "GCC 13.2", "build.sh libtorch")]
    [DataRow("libLibTorchSharp.so: undefined symbol: _ZNK3c105Error4whatEv", "not version 2.10.0", "2.10.0")]
    [DataRow("libtorch.so: cannot open shared object file: No such file or directory", "the program has none", "libtorch-cpu-")]
    [DataRow("Unable to load DLL 'LibTorchSharp' or one of its dependencies: The specified module could not be found. (0x8007007E)", "the program has none", "libtorch-cpu-")]
    [DataRow("an unheard-of reason", "an unheard-of reason", "libtorch-cpu-")]
    public void AnErrorOfLoadingNamesCauseAndFix(string system, string cause, string fix)
    {
        DllNotFoundException error = LibtorchLoader.Failed(new DllNotFoundException(system));

        string[] lines = error.Message.Split(Environment.NewLine);
        Assert.HasCount(2, lines);
        Assert.Contains(cause, lines[0]);
        Assert.StartsWith("Hint: ", lines[1]);
        Assert.Contains(fix, lines[1]);
    }

    [TestMethod]
    public void AFolderWithoutLibtorchIsNamed()
    {
        var error = Assert.ThrowsExactly<DllNotFoundException>(() => LibtorchLoader.CheckFolder("/no/such/folder"));

        Assert.Contains("'/no/such/folder'", error.Message);
        Assert.Contains("Hint: ", error.Message);
    }

    [TestMethod]
    [DataRow("[enforce fail at alloc_cpu.cpp:129] data. DefaultCPUAllocator: can't allocate memory: you tried to allocate 400000000000 bytes.\nframe #0: x", typeof(ArgumentException), "smaller batch size")]
    [DataRow("CUDA out of memory. Tried to allocate 2.00 GiB.\nframe #0: x", typeof(ArgumentException), "smaller batch size")]
    [DataRow("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)\nException raised from x", typeof(InvalidOperationException), "libtorch failed: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5).")]
    public void AnErrorOfLibtorchIsItsFirstLine(string message, Type type, string part)
    {
        Exception error = LibtorchErrors.Of(message);

        Assert.AreEqual(type, error.GetType());
        Assert.Contains(part, error.Message);
        Assert.DoesNotContain("frame", error.Message);
        Assert.DoesNotContain("Exception raised", error.Message);
    }
}
