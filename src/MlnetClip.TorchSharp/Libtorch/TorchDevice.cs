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
        TorchDevice device = set ?? new TorchDevice(request.GpuDeviceId);
        if (device.Cuda is not { } number) return torch.CPU;
        int count = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        if (number >= 0 && number < count) return torch.device(DeviceType.CUDA, number);
        string problem = $"there is no {device}: libtorch sees {(count == 0 ? "no CUDA device" : count == 1 ? "one CUDA device, cuda:0" : $"{count} CUDA devices, cuda:0 to cuda:{count - 1}")}";
        if (set is null && request.FallbackToCpu)
        {
            request.Warn?.Invoke($"MLContext.GpuDeviceId is {number}, but {problem}. Training on the CPU, as FallbackToCpu allows.");
            return torch.CPU;
        }

        throw new InvalidOperationException(
            $"TorchSharpBackend: {problem}.{Environment.NewLine}Hint: a CUDA device needs a CUDA package of libtorch and NVIDIA's driver; otherwise train on the CPU: "
            + (set is null ? "MLContext.FallbackToCpu = true, or GpuDeviceId = null." : "TorchSharpBackend.On(\"cpu\")."));
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => Cuda is { } number ? string.Create(CultureInfo.InvariantCulture, $"cuda:{number}") : "cpu";
}
