using BenchmarkDotNet.Attributes;
using MlnetClip.Kernels;

namespace MlnetClip.Benchmarks;

/// <summary>Single kernels on each path that the processor has, at sizes whose operands lie in the nearest caches.</summary>
public unsafe class KernelBenchmarks
{
    private const int Rows = 32, H = 64, Gates = 4 * H;
    private readonly AlignedBuffer _h = new(Rows * H), _weights = new(H * Gates), _z = new(Rows * Gates + Panel.MaxWidth), _c = new(Rows * H), _d = new(Rows * H);
    private readonly AlignedBuffer _gradient = new(Gates * H), _sums = new(Gates), _scratch = new(KernelSet.ScratchLength);
    private KernelSet _kernels = KernelSet.Best;

    /// <summary>The vector width.</summary>
    [ParamsSource(nameof(Paths))]
    public string Path { get; set; } = "";

    /// <summary>The widths that the processor has.</summary>
    public static IEnumerable<string> Paths => Enum.GetValues<KernelPath>().Where(KernelPaths.IsSupported).Select(p => p.ToString());

    /// <summary>Fills the operands.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _kernels = KernelSet.For(Enum.Parse<KernelPath>(Path));
        int n = 0;
        foreach (var buffer in new[] { _h, _weights, _z, _c, _d })
            foreach (ref float value in buffer.Span) value = MathF.Sin(n++) * 0.5f;
    }

    /// <summary>[32, 64] x [64, 256]: 1.05 MFLOP.</summary>
    [Benchmark]
    public void Multiply32x64x256()
    {
        var product = _kernels.RowsTimes(_h.Pointer, H, _weights.Pointer, H);
        _kernels.Multiply(&product, 1, Rows, Gates, _sums.Pointer, 0, _z.Pointer, Gates);
    }

    /// <summary>[1, 64] x [64, 256], a row of a batch that does not fill a tile.</summary>
    [Benchmark]
    public void Multiply1x64x256()
    {
        var product = _kernels.RowsTimes(_h.Pointer, H, _weights.Pointer, H);
        _kernels.Multiply(&product, 1, 1, Gates, _sums.Pointer, 0, _z.Pointer, Gates);
    }

    /// <summary>A time step of one sequence: the same product and 64 cells.</summary>
    [Benchmark]
    public void LstmRow() => _kernels.Inference.LstmRow(_z.Pointer, _h.Pointer, _weights.Pointer, H, _c.Pointer, _d.Pointer, H / Panel.UnitBlock, descending: false);

    /// <summary>32 sequences of 64 units: 10,240 exponentials.</summary>
    [Benchmark]
    public void LstmForward() => _kernels.LstmForward(_z.Pointer, _c.Pointer, _c.Pointer, _d.Pointer, Rows * H / Panel.UnitBlock);

    /// <summary>The derivative of the same.</summary>
    [Benchmark]
    public void LstmBackward() => _kernels.LstmBackward(_z.Pointer, _c.Pointer, _c.Pointer, _h.Pointer, _d.Pointer, Rows * H / Panel.UnitBlock, 0);

    /// <summary>The gradient of one block of 16 units over 32 rows of 64 inputs.</summary>
    [Benchmark]
    public void WeightGradient()
    {
        var term = new GradientTerm(_h.Pointer, H, _kernels.PanelWidth, H, 0, Rows, _gradient.Pointer, H * 16);
        _kernels.WeightGradient(_z.Pointer, Gates, Rows, 4, 16, &term, 1, _sums.Pointer, _scratch.Pointer);
    }
}
