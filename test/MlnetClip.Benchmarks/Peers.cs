using MlnetClip.Onnx.Files;
using MlnetClip.Scoring;
using MlnetClip.TestKit;

namespace MlnetClip.Benchmarks;

/// <summary>The peers: a program of their own, one process for each measurement. Those that cannot run here are left out, with the reason.</summary>
internal sealed class Peers
{
    private const string Folder = "MlnetClip.Benchmarks.Peers";
    private const double ProbeSeconds = 0.1;

    private static readonly string Program = Path.Combine(
        RepositoryFiles.Root, "test", Folder, "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, new DirectoryInfo(AppContext.BaseDirectory).Name, $"{Folder}.dll");

    private readonly Isa _isa;

    /// <summary>Looks for the peers.</summary>
    public Peers(Isa isa)
    {
        _isa = isa;
        if (!File.Exists(Program))
        {
            Missing = [$"{Program} is not built: ./build.sh bench builds it"];
            return;
        }

        var missing = new List<string>();
        HasOnnx = true;
        HasTorch = Probe("torch-sgemm", "libtorch");
        HasOpenBlas = Probe("openblas-sgemm", "OpenBLAS");
        Missing = missing;

        bool Probe(string mode, string name)
        {
            if (Measured.Run(Program, isa, [mode, "64", "1", $"{ProbeSeconds}"], out string error) is not null) return true;
            missing.Add($"{name}: {error}");
            return false;
        }
    }

    /// <summary>Whether libtorch runs here.</summary>
    public bool HasTorch { get; }

    /// <summary>Whether ONNX Runtime can be asked; what fails then is an error.</summary>
    public bool HasOnnx { get; }

    /// <summary>Whether OpenBLAS is installed.</summary>
    public bool HasOpenBlas { get; }

    /// <summary>What does not run here, and why.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Milliseconds of a training step on libtorch.</summary>
    public Measured Train(EngineRow row, int threads, double seconds) => Get("torch-train", [.. row.Arguments, $"{threads}", $"{seconds}"]);

    /// <summary>Microseconds of a forward pass on libtorch, on one thread.</summary>
    public Measured Infer(EngineRow row, double seconds) => Get("torch-infer", [.. row.Arguments, "1", $"{seconds}"]);

    /// <summary>Microseconds of a forward pass in ONNX Runtime, on one thread, with random weights.</summary>
    public Measured InferOnnx(EngineRow row, double seconds)
    {
        string file = Path.Combine(Path.GetTempPath(), $"mlnetclip-bench-{Guid.NewGuid():N}.onnx");
        try
        {
            File.WriteAllBytes(file, Onnx(row));
            return Get("onnx", [file, $"{row.T}", $"{row.B}", $"{row.I}", "1", $"{seconds}"]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The best rate at which the peers multiply 2048 x 2048 float matrices, in GFLOP/s; null without peers.</summary>
    public double? Sgemm(int threads, double seconds)
    {
        double? best = null;
        foreach (string mode in new[] { HasTorch ? "torch-sgemm" : "", HasOpenBlas ? "openblas-sgemm" : "" })
            if (mode.Length > 0 && Get(mode, ["2048", $"{threads}", $"{seconds}"]).Value is var rate && !(rate <= best)) best = rate;
        return best;
    }

    /// <summary>A model of random weights that does what the row says: input [N, T, I], output [N, 1].</summary>
    private static byte[] Onnx(EngineRow row)
    {
        var model = new OnnxModel();
        MLNetInternals.OnnxGraph graph = MLNetInternals.OnnxGraph.Of(model);
        string x = graph.Input("x", typeof(float), "", row.T, row.I);
        string y = new NetworkGraph(graph, new TrainedNetwork(row.Model, OurEngine.RandomWeights(row))).Write(x, null);
        model.Outputs.Add(new OnnxValue(y, typeof(float), [OnnxSize.Rows, new OnnxSize(1)]));
        return OnnxWriter.Write(model, "bench", new Dictionary<string, string>());
    }

    private Measured Get(string mode, IEnumerable<string> arguments) =>
        Measured.Run(Program, _isa, [mode, .. arguments], out string error) ?? throw new InvalidOperationException($"A peer failed: {error}");
}
