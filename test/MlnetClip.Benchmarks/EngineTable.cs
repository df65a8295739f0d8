using System.Text.Json;

namespace MlnetClip.Benchmarks;

/// <summary>
/// The engine's table: each row's training step, and single-sequence inference, measured for us and for the peer in turn.
/// Each measurement is a median; each side's figure is the best of its rounds at its best setting.
/// </summary>
internal static class EngineTable
{
    private const int Rounds = 2;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly int[] Threads = Environment.ProcessorCount > 1 ? [1, 2] : [1];

    private sealed record Line(
        EngineRow Row, double Ours, int OurThreads, Side<Peer.Setting> Peer, Side<Peer.Setting> Keeping,
        double? ClipOverhead = null, double? ClipMs = null, double? MatrixGflops = null)
    {
        public double? Ratio => Peer.Best / Ours;

        public double? KeepingRatio => Keeping.Best / Ours;
    }

    public static void Run(EngineOptions options)
    {
        string reason = "--no-peer was given";
        Peer? peer = options.WithPeer ? Peer.Find(out reason) : null;
        string machine = Machine.Describe(peer);
        Console.WriteLine(machine);
        if (peer is null) Console.WriteLine($"Without the peer: {reason}.");
        var sgemm = new List<double>();
        void MeasureSgemm()
        {
            if (peer is not null) sgemm.Add(Peer.SgemmGflops(Threads[^1]));
        }

        MeasureSgemm();
        Console.WriteLine();
        Console.WriteLine($"{"I, H, layers, T, B",-22} {"ours, ms",10} {"peer, ms",10} {"ratio",7} {"goal",6} {"kept, ms",10} {"ratio",7}   threads; peer at; kept: with a jemalloc that keeps memory");
        var rows = new List<Line>();
        for (int n = 0; n < EngineRow.Training.Length; n++)
        {
            if (!options.Rows.Contains(n + 1)) continue;
            rows.Add(Train(EngineRow.Training[n], peer, options.Seconds));
            Print(rows[^1]);
        }

        MeasureSgemm();
        Console.WriteLine();
        Console.WriteLine($"{"one sequence, forward",-22} {"ours, us",10} {"peer, us",10} {"ratio",7} {"goal",6} {"kept, us",10} {"ratio",7}");
        var inference = new List<Line>();
        foreach (var row in EngineRow.Inference)
        {
            inference.Add(Infer(row, peer, options.Seconds));
            Print(inference[^1]);
        }

        MeasureSgemm();
        double? rate = sgemm.Count > 0 ? sgemm.Max() : null;
        Console.WriteLine();
        Console.WriteLine($"sgemm 2048 x 2048, {Threads[^1]} threads: {rate?.ToString("F0") ?? "-"} GFLOP/s");
        Console.WriteLine($"{"I, H, layers, T, B",-22} {"limit, ms",10} {"matrix part, GFLOP/s",21} {"of sgemm",9} {"clip, ms",9} {"of step",8}");
        foreach (var line in rows)
        {
            Console.WriteLine($"{line.Row.Config,-22} {Limit(line, rate)?.ToString("F2") ?? "-",10} {line.MatrixGflops,21:F0} {Share(line, rate)?.ToString("P0") ?? "-",9} "
                + $"{line.ClipMs,9:F4} {line.ClipOverhead,8:P2}");
        }

        if (options.Json is null) return;
        var report = new
        {
            machine,
            sgemm_gflops = rate,
            rows = rows.Select(l => new
            {
                config = l.Row.Config, ours_ms = l.Ours, peer_ms = l.Peer.Best, ratio = l.Ratio, limit_ms = Limit(l, rate), threads = l.OurThreads,
                peer_keeping_memory_ms = l.Keeping.Best, ratio_keeping_memory = l.KeepingRatio,
            }),
            inference = inference.Select(l => new
            {
                config = l.Row.Config, ours_us = l.Ours, peer_us = l.Peer.Best, ratio = l.Ratio, limit_us = l.Row.ForwardGflop / rate * Threads[^1] * 1e6, threads = l.OurThreads,
                peer_keeping_memory_us = l.Keeping.Best, ratio_keeping_memory = l.KeepingRatio,
            }),
            matrix_share_of_sgemm = rows.Select(l => Share(l, rate)),
            clip_overhead = rows.Select(l => l.ClipOverhead),
        };
        File.WriteAllText(options.Json, JsonSerializer.Serialize(report, Indented));
    }

    private static Line Train(EngineRow row, Peer? peer, double seconds)
    {
        OurEngine.TrainingResult? fastest = null;
        var ours = new Side<int>(Threads, threads =>
        {
            var result = OurEngine.Train(row, threads, seconds);
            if (fastest is null || result.StepMs < fastest.StepMs) fastest = result;
            return result.StepMs;
        });
        var theirs = new Side<Peer.Setting>(peer is null ? [] : Peer.Settings(Threads), setting => Peer.TrainMs(row, setting, seconds));
        var keeping = new Side<Peer.Setting>(peer is null ? [] : Peer.KeepingSettings(Threads), setting => Peer.TrainMs(row, setting, seconds));
        Alternate(ours.Measure, theirs.Measure, keeping.Measure);
        return new(row, fastest!.StepMs, ours.Setting, theirs, keeping, fastest.ClipMs / fastest.StepMs, fastest.ClipMs,
            Enumerable.Range(0, Rounds).Max(_ => OurEngine.MatrixGflops(row, ours.Setting, seconds / 2))); // the best of the rounds, as the step's time is
    }

    private static Line Infer(EngineRow row, Peer? peer, double seconds)
    {
        var ours = new Side<int>([1], _ => OurEngine.InferUs(row, seconds));
        var theirs = new Side<Peer.Setting>(peer is null ? [] : Peer.Settings(1), setting => Peer.InferUs(row, setting));
        var keeping = new Side<Peer.Setting>(peer is null ? [] : Peer.KeepingSettings(1), setting => Peer.InferUs(row, setting));
        Alternate(ours.Measure, theirs.Measure, keeping.Measure);
        return new(row, ours.Best!.Value, 1, theirs, keeping);
    }

    private static void Alternate(params Action[] sides)
    {
        for (int round = 0; round < Rounds; round++)
            foreach (Action measure in sides) measure();
    }

    /// <summary>One side of a row: all its settings in the first round, then the one that was best.</summary>
    private sealed class Side<TSetting>(IReadOnlyList<TSetting> settings, Func<TSetting, double> measure)
    {
        /// <summary>The fastest measurement; null where there was none.</summary>
        public double? Best { get; private set; }

        /// <summary>The setting of <see cref="Best"/>.</summary>
        public TSetting? Setting { get; private set; }

        public void Measure()
        {
            foreach (var setting in Best is null ? settings : [Setting!])
            {
                double value = measure(setting);
                if (Best is null || value < Best) (Best, Setting) = (value, setting);
            }
        }
    }

    private static double? Limit(Line line, double? rate) => line.Row.MatrixGflop / rate * 1e3;

    private static double? Share(Line line, double? rate) => line.MatrixGflops / rate * Threads[^1] / line.OurThreads;

    private static void Print(Line line) => Console.WriteLine(
        $"{line.Row.Config,-22} {line.Ours,10:F3} {line.Peer.Best?.ToString("F3") ?? "-",10} {line.Ratio?.ToString("F2") ?? "-",7} {line.Row.Goal,6:F1} "
        + $"{line.Keeping.Best?.ToString("F3") ?? "-",10} {line.KeepingRatio?.ToString("F2") ?? "-",7}   "
        + $"{line.OurThreads}; {line.Peer.Setting}");
}
