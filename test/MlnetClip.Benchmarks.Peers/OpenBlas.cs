using System.Runtime.InteropServices;

namespace MlnetClip.Benchmarks.Peers;

/// <summary>OpenBLAS of the system, called directly: the second rate at which matrices can be multiplied here.</summary>
internal static unsafe class OpenBlas
{
    private const int RowMajor = 101, NoTranspose = 111;

    public static (double Gflops, string Version) Sgemm(int n, int threads, double seconds)
    {
        if (!NativeLibrary.TryLoad("libopenblas.so.0", out nint library)) throw new DllNotFoundException("libopenblas.so.0 is not installed.");
        ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads"))(threads);
        var core = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "openblas_get_corename");
        var sgemm = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)NativeLibrary.GetExport(library, "cblas_sgemm");
        nuint bytes = (nuint)n * (nuint)n * sizeof(float);
        float* a = (float*)NativeMemory.AlignedAlloc(bytes, 64), b = (float*)NativeMemory.AlignedAlloc(bytes, 64), c = (float*)NativeMemory.AlignedAlloc(bytes, 64);
        var random = new Random(1);
        for (int i = 0; i < n * n; i++) (a[i], b[i], c[i]) = (random.NextSingle(), random.NextSingle(), 0);
        double median = Timed.Median(seconds, _ => sgemm(RowMajor, NoTranspose, NoTranspose, n, n, n, 1, a, n, b, n, 0, c, n));
        return (2.0 * n * n * n / median / 1e9, $"OpenBLAS {Marshal.PtrToStringUTF8((nint)core())}");
    }
}
