using System.Runtime.Intrinsics;

namespace MlnetClip.Kernels;

/// <summary>The vector width that the kernels use. Results are bit-identical within a path, and equal to rounding between paths.</summary>
internal enum KernelPath
{
    /// <summary>One float at a time.</summary>
    Scalar,

    /// <summary>4 floats: SSE, NEON.</summary>
    Vector128,

    /// <summary>8 floats: AVX2.</summary>
    Vector256,

    /// <summary>16 floats: AVX-512.</summary>
    Vector512,
}

/// <summary>The instruction paths that this processor supports.</summary>
internal static class KernelPaths
{
    /// <summary>The widest path of this processor.</summary>
    public static KernelPath Best { get; } =
        IsSupported(KernelPath.Vector512) ? KernelPath.Vector512
        : IsSupported(KernelPath.Vector256) ? KernelPath.Vector256
        : IsSupported(KernelPath.Vector128) ? KernelPath.Vector128
        : KernelPath.Scalar;

    /// <summary>True when the processor and the runtime's settings support the path in hardware.</summary>
    public static bool IsSupported(KernelPath path) => path switch
    {
        KernelPath.Vector512 => Vector512.IsHardwareAccelerated,
        KernelPath.Vector256 => Vector256.IsHardwareAccelerated,
        KernelPath.Vector128 => Vector128.IsHardwareAccelerated,
        _ => true,
    };
}
