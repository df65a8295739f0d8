using System.Diagnostics;
using MlnetClip.Clipping;
using MlnetClip.Kernels;
using MlnetClip.Monitoring;
using MlnetClip.Optimizers;
using MlnetClip.TestKit;
using MlnetClip.Training;

namespace MlnetClip.Benchmarks;

/// <summary>What observing a fit costs in a training step of a model with 64 hidden units: what is always on, and what users switch on.</summary>
internal static class MonitoringTable
{
    private const int HiddenSize = 64, StepsPerEpoch = 50, Repeats = 20_000;

    /// <summary>Prints the table.</summary>
    /// <param name="options">The time of the measurement of a step.</param>
    public static void Run(EngineOptions options)
    {
        EngineRow row = EngineRow.Training.First(training => training.H == HiddenSize);
        using ManagedBackend backend = OurEngine.Backend(row, threads: 1, KernelSet.Best);
        backend.Initialize(1234);
        var stages = new GradientStages(GradientClipping.ByGlobalNorm(1), backend.Parameters, backend.Workers);
        double stepMicroseconds = 1000 * StepMilliseconds(row, backend, stages, options.Seconds);
        var (report, sums) = OneStep(row, backend, stages);
        using var folder = new TemporaryFolder();
        using var log = new StepLog(folder.File("steps.jsonl"));
        using var tensorBoard = new TensorBoardLog(folder.File("events"));
        using var telemetry = new TelemetryObserver();
        var fit = new FitDescription(1, GradientClipping.None, new Dictionary<string, string>(), "", true, null) { StepsPerEpoch = StepsPerEpoch };
        foreach (IFitObserver observer in new IFitObserver[] { log, tensorBoard, telemetry }) observer.OnFitBegun(fit);

        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"A step of {row.Config} (I, H, layers, T, B) with one thread takes {stepMicroseconds:F0} µs.");
        Console.WriteLine();
        Console.WriteLine($"{"",-58} {"µs a step",10} {"of a step",10}");
        double always = 0;
        always += Print("statistics, epoch figures and trace, always on", Microseconds(Repeats, () => stages.Record(report, sums, row.B)));
        always += Print("metrics and spans without a listener, always on", Microseconds(Repeats, () => telemetry.OnStep(report)));
        double[] verdicts = Array.ConvertAll(new[] { 1_000, 10_000, 60_000 }, steps =>
            Print($"verdicts, epochs of {StepsPerEpoch} steps, at step {steps:N0}, always on", VerdictMicroseconds(row, backend, report, sums, steps)));
        always += verdicts.Max();
        Print("together", always);
        Print("steps as JSON lines (StepLog, --log)", Microseconds(Repeats, () => log.OnStep(report)));
        Print("event files (TensorBoardLog, --tensorboard)", Microseconds(Repeats, () => tensorBoard.OnStep(report)));
        double[] norms = new double[row.T];
        Print("norms by time step, one step in eight (MeasureTimeSteps)", Microseconds(50, () => backend.TimeStepNorms(norms)) / 8);

        double Print(string what, double microseconds)
        {
            Console.WriteLine($"{what,-58} {microseconds,10:F2} {microseconds / stepMicroseconds,10:P2}");
            return microseconds;
        }
    }

    /// <summary>The summary and the verdicts at the end of epochs after a number of steps, for each step of an epoch.</summary>
    private static double VerdictMicroseconds(EngineRow row, ManagedBackend backend, StepReport report, BatchSums sums, int steps)
    {
        var stages = new GradientStages(GradientClipping.ByGlobalNorm(1), backend.Parameters, backend.Workers);
        var random = new Random(1);
        void Record(int count)
        {
            for (int i = 0; i < count; i++) stages.Record(report with { Clip = report.Clip with { NormBefore = random.NextDouble() } }, sums, row.B);
        }

        Record(steps);
        var times = new List<double>();
        for (int epoch = 0; epoch < 40; epoch++)
        {
            Record(StepsPerEpoch);
            long start = Stopwatch.GetTimestamp();
            _ = stages.Summary(row.T).Verdicts.Count;
            if (epoch > 0) times.Add(1000 * Stopwatch.GetElapsedTime(start).TotalMilliseconds / StepsPerEpoch); // the first one sorts all
        }

        return OurEngine.Median(times);
    }

    private static double StepMilliseconds(EngineRow row, ManagedBackend backend, GradientStages stages, double seconds)
    {
        Optimizer optimizer = Optimizer.Adam();
        var update = new OptimizerPass(optimizer, backend.Parameters, optimizer.CreateState(backend.Parameters), backend.Workers);
        var batches = OurEngine.Batches(row);
        var steps = new List<double>();
        var clock = Stopwatch.StartNew();
        for (int i = 0; clock.Elapsed.TotalSeconds < seconds || i < 10; i++)
        {
            long start = Stopwatch.GetTimestamp();
            BatchSums sums = backend.ComputeGradients(batches[i % batches.Length], 0);
            ClipReport clip = stages.Clip(new ClippingStep(i, 0, row.B, row.T, 1), sums.WeightSum);
            update.Step(1e-3f, clip.PendingScale);
            if (i >= 5) steps.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return OurEngine.Median(steps);
    }

    private static (StepReport Report, BatchSums Sums) OneStep(EngineRow row, ManagedBackend backend, GradientStages stages)
    {
        BatchSums sums = backend.ComputeGradients(OurEngine.Batches(row)[0], 0);
        ClipReport clip = stages.Clip(new ClippingStep(0, 0, row.B, row.T, 1), sums.WeightSum);
        return (stages.Report(0, sums, clip), sums);
    }

    /// <summary>The median over five measurements.</summary>
    private static double Microseconds(int repeats, Action run)
    {
        var times = new List<double>();
        for (int i = 0; i < 6; i++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int k = 0; k < repeats; k++) run();
            if (i > 0) times.Add(1000 * Stopwatch.GetElapsedTime(start).TotalMilliseconds / repeats);
        }

        return OurEngine.Median(times);
    }
}
