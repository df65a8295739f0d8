using System.Text.Json;

namespace MlnetClip.Benchmarks;

/// <summary>
/// The engine's table: each row's training step, and single-sequence inference, measured for us and for the peer in turn.
/// Each measurement is a median; each side's figure is the best of its rounds at its best setting.
/// </summary>
internal static class EngineTable
{
    private const int Rounds = 3;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly int[] Threads = Environment.ProcessorCount > 1 ? [1, 2] : [1];

    private sealed record Line(EngineRow Row, double Ours, double? Theirs, int OurThreads, Peer.Setting? PeerSetting, double ClipMs, double MatrixGflops)
    {
        public double? Ratio => Theirs / Ours;
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
        Console.WriteLine($"{"I, H, layers, T, B",-22} {"ours, ms",10} {"peer, ms",10} {"ratio",7} {"goal",6}   threads; peer at");
        var rows = new List<Line>();
        for (int n = 0; n < EngineRow.Training.Length; n++)
        {
            if (!options.Rows.Contains(n + 1)) continue;
            rows.Add(Train(EngineRow.Training[n], peer, options.Seconds));
            Print(rows[^1]);
        }

        MeasureSgemm();
        Console.WriteLine();
        Console.WriteLine($"{"one sequence, forward",-22} {"ours, us",10} {"peer, us",10} {"ratio",7} {"goal",6}");
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
                + $"{line.ClipMs,9:F4} {line.ClipMs / line.Ours,8:P2}");
        }

        if (options.Json is null) return;
        var report = new
        {
            machine,
            sgemm_gflops = rate,
            rows = rows.Select(l => new
            {
                config = l.Row.Config, ours_ms = l.Ours, peer_ms = l.Theirs, ratio = l.Ratio, limit_ms = Limit(l, rate), threads = l.OurThreads,
                goal = l.Row.Goal, peer_setting = l.PeerSetting?.ToString(),
            }),
            inference = inference.Select(l => new
            {
                config = l.Row.Config, ours_us = l.Ours, peer_us = l.Theirs, ratio = l.Ratio, threads = 1, goal = l.Row.Goal,
                peer_setting = l.PeerSetting?.ToString(),
            }),
            matrix_share_of_sgemm = rows.Select(l => Share(l, rate)),
            clip_overhead = rows.Select(l => l.ClipMs / l.Ours),
        };
        File.WriteAllText(options.Json, JsonSerializer.Serialize(report, Indented));
    }

    private static Line Train(EngineRow row, Peer? peer, double seconds)
    {
        var ours = Threads.ToDictionary(t => t, _ => new List<OurEngine.TrainingResult>());
        var best = Alternate(
            [.. Threads.Select(t => (Action)(() => ours[t].Add(OurEngine.Train(row, t, seconds))))],
            peer is null ? [] : Peer.Settings(Threads), setting => Peer.TrainMs(row, setting, seconds));
        int threads = Threads.MinBy(t => ours[t].Min(r => r.StepMs));
        var fastest = ours[threads].MinBy(r => r.StepMs)!;
        return new(row, fastest.StepMs, best?.Value, threads, best?.Setting, ours[threads].Min(r => r.ClipMs), ours[threads].Max(r => r.MatrixGflops));
    }

    private static Line Infer(EngineRow row, Peer? peer, double seconds)
    {
        var ours = new List<double>();
        var best = Alternate(
            [() => ours.Add(OurEngine.InferUs(row, seconds))], peer is null ? [] : Peer.Settings(1), setting => Peer.InferUs(row, setting));
        return new(row, ours.Min(), best?.Value, 1, best?.Setting, 0, 0);
    }

    /// <summary>Ours and the peer in turn; after the first round the peer only at the setting that was its best.</summary>
    private static (double Value, Peer.Setting Setting)? Alternate(
        IReadOnlyList<Action> ours, IReadOnlyList<Peer.Setting> settings, Func<Peer.Setting, double> measurePeer)
    {
        (double Value, Peer.Setting Setting)? best = null;
        for (int round = 0; round < Rounds; round++)
        {
            foreach (var measure in ours) measure();
            foreach (var setting in round == 0 || best is null ? settings : [best.Value.Setting])
            {
                double value = measurePeer(setting);
                if (best is null || value < best.Value.Value) best = (value, setting);
            }
        }

        return best;
    }

    private static double? Limit(Line line, double? rate) => line.Row.MatrixGflop / rate * 1e3;

    private static double? Share(Line line, double? rate) => line.MatrixGflops / rate * Threads[^1] / line.OurThreads;

    private static void Print(Line line) => Console.WriteLine(
        $"{line.Row.Config,-22} {line.Ours,10:F3} {line.Theirs?.ToString("F3") ?? "-",10} {line.Ratio?.ToString("F2") ?? "-",7} {line.Row.Goal,6:F1}   "
        + $"{line.OurThreads}; {line.PeerSetting}");
}
