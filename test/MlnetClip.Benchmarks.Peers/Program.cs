using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MlnetClip.Benchmarks.Peers;

// One measurement of a peer, as a line of JSON: the value, the largest memory of the process, and the peer's version.
const string Usage =
    """
    usage: peers torch-train CELL I H LAYERS T B DIRECTIONS THREADS SECONDS     milliseconds of a training step
           peers torch-infer CELL I H LAYERS T B DIRECTIONS THREADS SECONDS     microseconds of a forward pass
           peers torch-sgemm N THREADS SECONDS                                  GFLOP/s
           peers openblas-sgemm N THREADS SECONDS                               GFLOP/s
           peers onnx FILE T B I THREADS SECONDS                                microseconds of a run
    """;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    var (value, version) = args switch
    {
        ["torch-train", .. var row] => TorchPeer.Train(TorchPeer.Job.Parse(row)),
        ["torch-infer", .. var row] => TorchPeer.Infer(TorchPeer.Job.Parse(row)),
        ["torch-sgemm", var n, var threads, var seconds] => TorchPeer.Sgemm(int.Parse(n), int.Parse(threads), double.Parse(seconds)),
        ["openblas-sgemm", var n, var threads, var seconds] => OpenBlas.Sgemm(int.Parse(n), int.Parse(threads), double.Parse(seconds)),
        ["onnx", var file, var t, var b, var i, var threads, var seconds] =>
            OnnxPeer.Infer(file, int.Parse(t), int.Parse(b), int.Parse(i), int.Parse(threads), double.Parse(seconds)),
        _ => throw new ArgumentException(Usage),
    };
    using var process = Process.GetCurrentProcess();
    Console.WriteLine(JsonSerializer.Serialize(new { value, version, peak_mib = process.PeakWorkingSet64 / (double)(1 << 20) }));
    return 0;
}
catch (Exception e) when (e is ArgumentException or FormatException or DllNotFoundException or TypeInitializationException or NotSupportedException or System.Runtime.InteropServices.ExternalException)
{
    Console.Error.WriteLine((e.GetBaseException() as DllNotFoundException ?? e).Message);
    return 2;
}
