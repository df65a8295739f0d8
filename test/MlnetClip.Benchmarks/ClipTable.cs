using MlnetClip.TestKit;
using System.Diagnostics;
using MlnetClip.Clipping;
using MlnetClip.Kernels;
using MlnetClip.Losses;
using MlnetClip.Optimizers;
using MlnetClip.Training;

namespace MlnetClip.Benchmarks;

/// <summary>What measuring and clipping cost in a training step: the rows of the engine's table, kinds of work taken in turn step by step.</summary>
internal static class ClipTable
{
    private static readonly (string Name, GradientClipping Clipping, Action<GradientStages, ManagedBackend, double[]>? Ask)[] s_kinds =
    [
        ("norm", GradientClipping.None, null),
        ("by tensor", GradientClipping.None, (chain, _, _) => chain.Norms(ClippingScope.Tensor)),
        ("by gate", GradientClipping.None, (chain, _, _) => chain.Norms(ClippingScope.Gate)),
        ("by time step", GradientClipping.None, (_, backend, norms) => backend.TimeStepNorms(norms)), // a fit asks once in eight steps
        ("norm:1", GradientClipping.ByGlobalNorm(1), null),
        ("value:0.01", GradientClipping.ByValue(0.01), null),
        ("norm-gate:0.1", GradientClipping.ByNormPerGate(0.1), null),
        ("norm:1,p=3", GradientClipping.ByGlobalNorm(1, 3), null),
        ("agc:0.01", GradientClipping.AdaptiveByUnit(), null),
        ("autoclip:10", GradientClipping.ByPercentile(), null),
    ];

    public static void Run(EngineOptions options)
    {
        Console.WriteLine(Machine.Describe());
        Console.WriteLine();
        Console.WriteLine("Share of the step that is spent between backward pass and optimizer:");
        Console.WriteLine($"{"I, H, layers, T, B",-22} {"threads",7} {"step, ms",9}  {string.Join("  ", s_kinds.Select(kind => $"{kind.Name,13}"))}");
        for (int n = 0; n < EngineRow.Training.Length; n++)
        {
            if (!options.Rows.Contains(n + 1)) continue;
            EngineRow row = EngineRow.Training[n];
            int[] threads = Environment.ProcessorCount > 1 ? [1, 2] : [1];
            var (used, step, shares) = threads.Select(t => Measure(row, t, options.Seconds)).MinBy(result => result.StepMs);
            Console.WriteLine($"{row.Config,-22} {used,7} {step,9:F3}  {string.Join("  ", shares.Select(share => $"{share,13:P2}"))}");
        }
    }

    private static (int Threads, double StepMs, double[] Shares) Measure(EngineRow row, int threads, double seconds)
    {
        using ManagedBackend backend = OurEngine.Backend(row, threads, KernelSet.Best);
        backend.Initialize(1234);
        var optimizer = Optimizer.Adam();
        var update = new OptimizerPass(optimizer, backend.Parameters, optimizer.CreateState(backend.Parameters), backend.Workers);
        GradientStages[] chains =
            [.. s_kinds.Select(kind => new GradientStages(kind.Clipping, backend.Parameters, backend.Workers))];
        var batches = OurEngine.Batches(row);
        double[] timeSteps = new double[row.T];
        var steps = new List<double>();
        var clips = s_kinds.Select(_ => new List<double>()).ToArray();
        var clock = Stopwatch.StartNew();
        for (int i = 0; clock.Elapsed.TotalSeconds < seconds || i < 5 * s_kinds.Length; i++)
        {
            int kind = i % s_kinds.Length;
            long start = Stopwatch.GetTimestamp();
            BatchSums sums = backend.ComputeGradients(batches[i % batches.Length], 0);
            long clipStart = Stopwatch.GetTimestamp();
            ClipReport report = chains[kind].Apply(new ClippingStep(i, 0, row.B, row.T, 1), sums.WeightSum);
            s_kinds[kind].Ask?.Invoke(chains[kind], backend, timeSteps);
            double clip = Stopwatch.GetElapsedTime(clipStart).TotalMilliseconds;
            update.Step(1e-3f, report.PendingScale);
            double step = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (clock.Elapsed.TotalSeconds < seconds / 5 && i < 1000) continue; // warm-up
            steps.Add(step);
            clips[kind].Add(clip);
        }

        double median = OurEngine.Median(steps);
        return (threads, median, [.. clips.Select(clip => OurEngine.Median(clip) / median)]);
    }
}
