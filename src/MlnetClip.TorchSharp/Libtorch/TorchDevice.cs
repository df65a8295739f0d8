using System.Globalization;
using MlnetClip.Training;
using TorchSharp;

namespace MlnetClip.Libtorch;

/// <summary>A device of libtorch: the CPU, or a CUDA device by its number.</summary>
/// <param name="Cuda">The number of the CUDA device; null for the CPU.</param>
internal readonly record struct TorchDevice(int? Cuda)
{
    /// <summary>Reads <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <exception cref="FormatException">The text is none of them.</exception>
    public static TorchDevice Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == "cpu") return new TorchDevice(null);
        if (text == "cuda") return new TorchDevice(0);
        if (text.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return new TorchDevice(number);
        throw new FormatException($"must be cpu, cuda or cuda:N with the number of a CUDA device, but was '{text}'.");
    }

    /// <summary>The device to train on: the one that is set, or that of the context.</summary>
    /// <param name="set">The one that is set; null for the context's.</param>
    /// <param name="request">What the context asks for.</param>
    /// <exception cref="InvalidOperationException">There is no such device.</exception>
    public static torch.Device Choose(TorchDevice? set, BackendRequest request)
    {
        if (set is { } device) return device.Open();
        device = new TorchDevice(request.GpuDeviceId);
        if (device.Problem() is not { } problem) return device.Open();
        if (!request.FallbackToCpu)
            throw new InvalidOperationException($"TorchSharpBackend: MLContext.GpuDeviceId is {device.Cuda}, but {problem}.{Hint("MLContext.FallbackToCpu = true, or GpuDeviceId = null")}");
        request.Warn?.Invoke($"MLContext.GpuDeviceId is {device.Cuda}, but {problem}. Training on the CPU, as FallbackToCpu allows.");
        return torch.CPU;
    }

    /// <summary>The device of libtorch.</summary>
    /// <exception cref="InvalidOperationException">There is no such device.</exception>
    public torch.Device Open() => Problem() is { } problem
        ? throw new InvalidOperationException($"TorchSharpBackend: {problem}.{Hint("TorchSharpBackend.On(\"cpu\")")}")
        : Cuda is { } number ? torch.device(DeviceType.CUDA, number) : torch.CPU;

    /// <summary>Why the device is not available, in words; null where it is.</summary>
    private string? Problem()
    {
        if (Cuda is not { } number) return null;
        int count = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        if (number >= 0 && number < count) return null;
        return $"there is no {this}: libtorch sees {(count == 0 ? "no CUDA device" : count == 1 ? "one CUDA device, cuda:0" : $"{count} CUDA devices, cuda:0 to cuda:{count - 1}")}";
    }

    private static string Hint(string cpu) =>
        $"{Environment.NewLine}Hint: a CUDA device needs a CUDA package of libtorch and NVIDIA's driver; otherwise train on the CPU: {cpu}.";

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => Cuda is { } number ? string.Create(CultureInfo.InvariantCulture, $"cuda:{number}") : "cpu";
}
