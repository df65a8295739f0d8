using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlnetClip.Benchmarks;

/// <summary>The instructions that both sides may use, by the environment of their processes.</summary>
/// <param name="Name">What reports call them.</param>
/// <param name="Environment">Variables for both sides; null removes one.</param>
internal sealed record Isa(string Name, IReadOnlyDictionary<string, string?> Environment)
{
    private static readonly Dictionary<string, string?> Presets = new()
    {
        ["OPENBLAS_CORETYPE"] = null, ["OPENBLAS_L2_SIZE"] = null, ["OPENBLAS_NUM_THREADS"] = null, ["OMP_NUM_THREADS"] = null, // some machines preset an older core, at half the speed
    };

    /// <summary>Everything that the processor has.</summary>
    public static Isa Best { get; } = new(Vector512.IsHardwareAccelerated ? "avx512" : Avx2.IsSupported ? "avx2" : "other", Presets);

    /// <summary>The instructions of a name.</summary>
    /// <exception cref="ArgumentException">There are none of that name, or this processor has not got them.</exception>
    public static Isa Parse(string name) => name switch
    {
        "avx2" when Avx2.IsSupported => new("avx2", new Dictionary<string, string?>(Presets)
        {
            ["DOTNET_EnableAVX512"] = "0", ["DOTNET_EnableAVX512F"] = "0", ["ATEN_CPU_CAPABILITY"] = "avx2", ["ONEDNN_MAX_CPU_ISA"] = "AVX2", ["MKL_ENABLE_INSTRUCTIONS"] = "AVX2",
            ["OPENBLAS_CORETYPE"] = "Haswell",
        }),
        "avx512" when Vector512.IsHardwareAccelerated => Best,
        "avx2" or "avx512" => throw new ArgumentException($"--isa {name}: this processor has no {name.ToUpperInvariant()}."),
        _ => throw new ArgumentException($"--isa takes avx2 or avx512, but got '{name}'."),
    };
}
