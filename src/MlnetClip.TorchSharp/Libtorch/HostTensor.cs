using System.Runtime.InteropServices;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace MlnetClip.Libtorch;

/// <summary>Copies between the memory of the training loop and tensors of a device.</summary>
internal static class HostTensor
{
    /// <summary>A tensor of float32 on a device, with a copy of the values.</summary>
    public static Tensor From(ReadOnlySpan<float> values, torch.Device device, params ReadOnlySpan<long> shape)
    {
        Tensor host = torch.empty(shape, torch.ScalarType.Float32);
        values.CopyTo(Floats(host));
        return device.type == DeviceType.CPU ? host : host.to(device);
    }

    /// <summary>A tensor of int64 on a device, with a copy of the values.</summary>
    public static Tensor From(ReadOnlySpan<int> values, torch.Device device, params ReadOnlySpan<long> shape)
    {
        Tensor host = torch.empty(shape, torch.ScalarType.Int64);
        Span<long> target = MemoryMarshal.Cast<byte, long>(host.bytes);
        for (int n = 0; n < values.Length; n++) target[n] = values[n];
        return device.type == DeviceType.CPU ? host : host.to(device);
    }

    /// <summary>Overwrites a contiguous tensor of float32 in place.</summary>
    public static void Write(ReadOnlySpan<float> values, Tensor target)
    {
        if (target.device_type == DeviceType.CPU) values.CopyTo(Floats(target));
        else target.copy_(From(values, torch.CPU, target.shape));
    }

    /// <summary>Copies a tensor of float32 to the host, in the order of its elements.</summary>
    public static void Read(Tensor source, Span<float> target) => Floats(source.cpu().contiguous()).CopyTo(target);

    private static Span<float> Floats(Tensor host) => MemoryMarshal.Cast<byte, float>(host.bytes);
}
