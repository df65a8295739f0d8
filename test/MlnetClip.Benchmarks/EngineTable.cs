using System.Text.Json;

namespace MlnetClip.Benchmarks;

/// <summary>
/// The engine's table: each row's training step, and forward passes, measured for us and for the peers in turn, each in a process of its own.
/// Each measurement is a median; each side's figure is the best of its rounds at its best number of threads. The rate at which peers multiply matrices is measured
/// in each round too, because the speed of a virtual machine changes by the minute.
/// </summary>
internal static class EngineTable
{
    private const int Rounds = 2;
    private const double SgemmSeconds = 0.5;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly int[] Threads = Environment.ProcessorCount > 1 ? [1, 2] : [1];

    /// <param name="Ours">Our figure.</param>
    /// <param name="OurThreads">The threads that it needs.</param>
    /// <param name="OurMib">The largest memory of our process.</param>
    /// <param name="Peers">The figures of the peers, by name.</param>
    /// <param name="Libtorch">The figure of our libtorch engine.</param>
    /// <param name="Sgemm">The best rate at which a peer multiplied matrices between the measurements, in GFLOP/s.</param>
    private sealed record Line(
        EngineRow Row, double Ours, int OurThreads, double OurMib, IReadOnlyDictionary<string, Side> Peers, double ClipMs = 0, double MatrixGflops = 0, double? Libtorch = null, double? Sgemm = null)
    {
        /// <summary>Milliseconds that the matrix arithmetic takes at that rate.</summary>
        public double? Limit => Row.MatrixGflop / Sgemm * 1e3;

        public double? Share => Limit / Ours;


        public (string Name, Side Side)? Best => Peers.Count == 0 ? null : Peers.Select(peer => (peer.Key, peer.Value)).MinBy(peer => peer.Value.Best);

        public double? Ratio => Best?.Side.Best / Ours;
    }

    public static void Run(EngineOptions options)
    {
        Peers? peers = options.WithPeer ? new Peers(options.Isa) : null;
        Console.WriteLine($"{Machine.Describe()}; instructions {options.Isa.Name}");
        if (peers is null) Console.WriteLine("Without peers: --no-peer was given.");
        foreach (string missing in peers?.Missing ?? []) Console.WriteLine($"Without a peer, {missing}");
        if (LibtorchEngine.Problem is { } problem) Console.WriteLine($"Without our libtorch engine: {problem}");
        Console.WriteLine();
        Console.WriteLine($"{"I, H, layers, T, B",-32} {"ours, ms",10} {"peer, ms",10} {"ratio",7} {"MiB",7} {"peer",7} {"libtorch",10}   threads; peer; libtorch: our engine over it, ms");
        List<Line> rows = [], inference = [];
        foreach (int n in options.Rows.Where(n => n > 0))
        {
            rows.Add(Train(n - 1, peers, options));
            Print(rows[^1]);
        }

        Console.WriteLine();
        Console.WriteLine($"{"forward, one thread",-32} {"ours, us",10} {"peer, us",10} {"ratio",7} {"MiB",7} {"peer",7} {"",10}");
        for (int n = 0; n < EngineRow.Inference.Length; n++)
        {
            inference.Add(Infer(n, peers, options));
            Print(inference[^1]);
        }

        Console.WriteLine();
        Console.WriteLine($"sgemm: the better of the peers at 2048 x 2048 on {Threads[^1]} threads, between the measurements of the row");
        Console.WriteLine($"{"I, H, layers, T, B",-32} {"sgemm, GFLOP/s",15} {"limit, ms",10} {"share of limit",15} {"matrix part, GFLOP/s",21} {"clip, ms",9} {"of step",8}");
        foreach (Line line in rows)
        {
            Console.WriteLine($"{line.Row.Config,-32} {line.Sgemm?.ToString("F0") ?? "-",15} {line.Limit?.ToString("F3") ?? "-",10} {line.Share?.ToString("P0") ?? "-",15} {line.MatrixGflops,21:F0} "
                + $"{line.ClipMs,9:F4} {line.ClipMs / line.Ours,8:P2}");
        }

        if (options.Json is { } json) File.WriteAllText(json, JsonSerializer.Serialize(Report(rows, inference, options.Isa), Indented));
    }

    private static object Report(List<Line> rows, List<Line> inference, Isa isa) => new
    {
        isa = isa.Name,
        processor = Machine.Processor,
        machine = Machine.Describe(),
        sgemm_gflops = rows.Max(line => line.Sgemm),
        rows = rows.Select(line => new
        {
            config = line.Row.Config, ours_ms = line.Ours, peer_ms = line.Best?.Side.Best, ratio = line.Ratio, limit_ms = line.Limit, share_of_limit = line.Share, sgemm_gflops = line.Sgemm,
            peer = line.Best?.Side.Version, threads = line.OurThreads, ours_peak_mib = line.OurMib, peer_peak_mib = line.Best?.Side.Mib, libtorch_engine_ms = line.Libtorch, matrix_gflops = line.MatrixGflops,
            clip_overhead = line.ClipMs / line.Ours,
        }),
        inference = inference.Select(line => new
        {
            config = line.Row.Config, ours_us = line.Ours, peer_us = line.Best?.Side.Best, ratio = line.Ratio, peer = line.Best?.Side.Version,
            peers_us = line.Peers.ToDictionary(peer => peer.Key, peer => peer.Value.Best), ours_peak_mib = line.OurMib, peer_peak_mib = line.Best?.Side.Mib,
        }),
    };

    private static Line Train(int n, Peers? peers, EngineOptions options)
    {
        EngineRow row = EngineRow.Training[n];
        double clip = 0;
        var ours = new Side(Threads, threads =>
        {
            var (step, clipMs) = OwnProcess.Train(n, threads, options.Seconds, options.Isa);
            clip = clipMs;
            return step;
        });
        var sides = new Dictionary<string, Side>();
        if (peers is { HasTorch: true }) sides["libtorch"] = new Side(Threads, threads => peers.Train(row, threads, options.Seconds));
        Side? libtorch = LibtorchEngine.Problem is null ? new Side(Threads, threads => OwnProcess.TrainLibtorch(n, threads, options.Seconds, options.Isa)) : null;
        double? rate = null;
        Alternate(libtorch is null ? [ours, .. sides.Values] : [ours, .. sides.Values, libtorch], () => rate = peers?.Sgemm(Threads[^1], SgemmSeconds) is { } now && !(now <= rate) ? now : rate);
        double matrix = Enumerable.Range(0, Rounds).Max(_ => OwnProcess.MatrixGflops(n, ours.Threads, options.Seconds / 2, options.Isa)); // the best of the rounds, as the step's time is
        return new(row, ours.Best, ours.Threads, ours.Mib, sides, clip, matrix, libtorch?.Best, rate);
    }

    private static Line Infer(int n, Peers? peers, EngineOptions options)
    {
        EngineRow row = EngineRow.Inference[n];
        var ours = new Side([1], _ => OwnProcess.Infer(n, options.Seconds, options.Isa));
        var sides = new Dictionary<string, Side>();
        if (peers is { HasTorch: true }) sides["libtorch"] = new Side([1], _ => peers.Infer(row, options.Seconds));
        if (peers is { HasOnnx: true }) sides["onnxruntime"] = new Side([1], _ => peers.InferOnnx(row, options.Seconds));
        Alternate([ours, .. sides.Values]);
        return new(row, ours.Best, 1, ours.Mib, sides);
    }

    private static void Alternate(IReadOnlyList<Side> sides, Action? between = null)
    {
        for (int round = 0; round < Rounds; round++)
        {
            between?.Invoke();
            foreach (Side side in sides) side.Measure();
        }
    }

    /// <summary>One side of a row: all numbers of threads in the first round, then the one that was best.</summary>
    private sealed class Side(IReadOnlyList<int> threads, Func<int, Measured> measure)
    {
        private Measured? _best;

        /// <summary>The fastest measurement.</summary>
        public double Best => _best!.Value;

        /// <summary>The largest memory of its process.</summary>
        public double Mib => _best!.PeakMib;

        /// <summary>What was measured.</summary>
        public string Version => _best!.Version;

        /// <summary>Its threads.</summary>
        public int Threads { get; private set; }

        public void Measure()
        {
            foreach (int count in _best is null ? threads : [Threads])
            {
                Measured now = measure(count);
                if (_best is null || now.Value < _best.Value) (_best, Threads) = (now, count);
            }
        }
    }

    private static void Print(Line line)
    {
        string others = line.Peers.Count < 2 ? "" : $" ({string.Join(", ", line.Peers.Select(peer => $"{peer.Key} {peer.Value.Best:F1}"))})";
        Console.WriteLine(
            $"{line.Row.Config,-32} {line.Ours,10:F3} {line.Best?.Side.Best.ToString("F3") ?? "-",10} {line.Ratio?.ToString("F2") ?? "-",7} {line.OurMib,7:F0} {line.Best?.Side.Mib.ToString("F0") ?? "-",7} {line.Libtorch?.ToString("F3") ?? "-",10}   "
            + $"{line.OurThreads}; {(line.Best is { } best ? $"{best.Name}, {best.Side.Threads}{others}" : "none")}");
    }
}
