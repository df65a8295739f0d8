using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace MlnetClip.Benchmarks;

/// <summary>
/// PyTorch over Debian's packages, one process for each measurement, at the settings under which it is fastest: OpenBLAS with
/// OpenMP, its AVX-512 kernels where the processor has them, no preset core type, with and without jemalloc. A step of PyTorch allocates
/// and frees its large buffers anew, which either allocator gives back to the system; where pages are slow to come again, a jemalloc that
/// is told to keep them is faster by far, and is measured too.
/// </summary>
internal sealed class Peer
{
    private const string Python = "/usr/bin/python3";
    private const string OpenBlas = "/usr/lib/x86_64-linux-gnu/openblas-openmp";
    private const string Jemalloc = "/usr/lib/x86_64-linux-gnu/libjemalloc.so.2";

    private Peer(string version) => Version = version;

    /// <summary>PyTorch's version.</summary>
    public string Version { get; }

    /// <summary>Where the peer's memory comes from.</summary>
    public enum Allocator
    {
        /// <summary>The C library's.</summary>
        Standard,

        /// <summary>jemalloc as it comes.</summary>
        Jemalloc,

        /// <summary>jemalloc that never gives memory back to the system.</summary>
        KeepingJemalloc,
    }

    /// <summary>A way to run the peer.</summary>
    public sealed record Setting(int Threads, Allocator Allocator)
    {
        public override string ToString() => $"{Threads} thread{(Threads > 1 ? "s" : "")}"
            + Allocator switch { Allocator.Standard => "", Allocator.Jemalloc => ", jemalloc", _ => ", jemalloc that keeps memory" };
    }

    /// <summary>The peer, or null and why there is none.</summary>
    public static Peer? Find(out string reason)
    {
        reason = $"{Python} with Debian's python3-torch is not installed";
        if (!File.Exists(Python)) return null;
        var (code, output, _) = Start(new(1, Allocator.Standard), ["-c", "import torch; print(torch.__version__)"]);
        return code == 0 ? new Peer(output.Trim()) : null;
    }

    /// <summary>The settings to try with the allocators as they come; the fastest counts.</summary>
    public static IReadOnlyList<Setting> Settings(params int[] threads) => With(threads, Allocator.Standard, Allocator.Jemalloc);

    /// <summary>The settings to try with memory that is kept.</summary>
    public static IReadOnlyList<Setting> KeepingSettings(params int[] threads) => With(threads, Allocator.KeepingJemalloc);

    private static Setting[] With(int[] threads, params Allocator[] allocators) =>
        [.. from t in threads from allocator in allocators where allocator == Allocator.Standard || File.Exists(Jemalloc) select new Setting(t, allocator)];

    /// <summary>Milliseconds of a training step.</summary>
    public static double TrainMs(EngineRow row, Setting setting, double seconds) =>
        Run(setting, [.. Sizes(row), "--clip", "norm", "--budget", $"{seconds}", "--threads", $"{setting.Threads}", "--phases", "0"]).GetProperty("median_ms").GetDouble();

    /// <summary>Microseconds of a forward pass of one sequence: the faster of no_grad and inference_mode.</summary>
    public static double InferUs(EngineRow row, Setting setting)
    {
        var result = Run(setting, ["--mode", "infer", .. Sizes(row), "--steps", "1000", "--warmup", "100", "--threads", $"{setting.Threads}"]);
        return Math.Min(Median("no_grad_us"), Median("inference_mode_us"));
        double Median(string name) => result.GetProperty(name).GetProperty("median").GetDouble();
    }

    /// <summary>GFLOP/s at which OpenBLAS multiplies 2048 x 2048 float matrices.</summary>
    public static double SgemmGflops(int threads) =>
        Run(new(threads, Allocator.Standard), ["--mode", "gemm", "--n", "2048", "--budget", "2", "--threads", $"{threads}"]).GetProperty("median_gflops").GetDouble();

    private static string[] Sizes(EngineRow row) =>
        ["--I", $"{row.I}", "--H", $"{row.H}", "--L", $"{row.Layers}", "--T", $"{row.T}", "--B", $"{row.B}"];

    private static JsonElement Run(Setting setting, string[] arguments)
    {
        var (code, output, error) = Start(setting, [Path.Combine(AppContext.BaseDirectory, "pytorch_lstm.py"), .. arguments]);
        if (code != 0) throw new InvalidOperationException($"The peer ended with exit code {code}: {error}");
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    private static (int Code, string Output, string Error) Start(Setting setting, string[] arguments)
    {
        var start = new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var environment = start.Environment;
        environment.Remove("OPENBLAS_CORETYPE"); // some machines preset an older core, at which the peer runs at half its speed
        environment.Remove("OPENBLAS_L2_SIZE");
        environment["OMP_NUM_THREADS"] = environment["OPENBLAS_NUM_THREADS"] = $"{setting.Threads}";
        if (Directory.Exists(OpenBlas)) environment["LD_LIBRARY_PATH"] = OpenBlas;
        if (setting.Allocator != Allocator.Standard) environment["LD_PRELOAD"] = Jemalloc;
        if (setting.Allocator == Allocator.KeepingJemalloc) environment["MALLOC_CONF"] = "dirty_decay_ms:-1,muzzy_decay_ms:-1";
        if (Vector512.IsHardwareAccelerated)
        {
            environment["OPENBLAS_CORETYPE"] = "SkylakeX";
            environment["ATEN_CPU_CAPABILITY"] = "avx512";
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
