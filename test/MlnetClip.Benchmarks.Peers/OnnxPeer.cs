using Microsoft.ML.OnnxRuntime;

namespace MlnetClip.Benchmarks.Peers;

/// <summary>ONNX Runtime at its best for one model: constant weights, all optimizations, bound input and output, denormals as zero.</summary>
internal static class OnnxPeer
{
    public static (double Microseconds, string Version) Infer(string file, int t, int b, int i, int threads, double seconds)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads, InterOpNumThreads = 1, ExecutionMode = ExecutionMode.ORT_SEQUENTIAL, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        options.AddSessionConfigEntry("session.set_denormal_as_zero", "1");
        using var session = new InferenceSession(file, options);
        float[] input = new float[b * t * i], output = new float[b];
        var random = new Random(1);
        for (int n = 0; n < input.Length; n++) input[n] = (float)((2 * random.NextDouble()) - 1);
        using OrtValue x = OrtValue.CreateTensorValueFromMemory(input, [b, t, i]), y = OrtValue.CreateTensorValueFromMemory(output, [b, 1]);
        using var run = new RunOptions();
        string[] inputs = [session.InputNames[0]], outputs = [session.OutputNames[0]];
        OrtValue[] xs = [x], ys = [y];
        return (1e6 * Timed.Median(seconds, _ => session.Run(run, inputs, xs, outputs, ys)), $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}");
    }
}
