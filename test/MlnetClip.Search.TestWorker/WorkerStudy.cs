using MlnetClip.Search.Running;
using MlnetClip.Search.Spaces;

namespace MlnetClip.Search.TestWorker;

/// <summary>The study that the tests run in one process or several: 24 trials of 6 steps on a valley at 1.</summary>
public static class WorkerStudy
{
    /// <summary>Trials in the study.</summary>
    public const int Trials = 24;

    /// <summary>How long a killed process keeps its trial claimed, unless said otherwise.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Works on the study until it is done.</summary>
    public static async Task RunAsync(IStudyStore store, int workers = 1, IStudyMonitor? monitor = null, TimeSpan? lease = null)
    {
        var plan = new SamplerPlan(SearchSpace.Logarithmic("threshold", 0.01, 100), new TpeSampler(startupTrials: 6), seed: 3, Trials);
        var options = new StudyRunnerOptions
        {
            Workers = workers, Pruner = new SuccessiveHalvingPruner(1, 2), Lease = lease ?? Lease,
            MaxAttempts = 1000, // on a slow machine a process may miss its lease again and again
        };
        using var runner = new StudyRunner(store, plan, Run, options, monitor);
        await runner.RunAsync().ConfigureAwait(false);
    }

    private static TrialOutcome Run(TrialContext context)
    {
        double threshold = context.Trial.Point.Number("threshold"), floor = Math.Abs(Math.Log10(threshold));
        context.MaxSteps = 6;
        context.Measure("process", Environment.ProcessId);
        for (int step = 1; step <= 6; step++)
        {
            double loss = threshold > 50 ? double.NaN : floor + (1.0 / step);
            context.Report(step, loss);
            if (context.ShouldPrune()) return new TrialOutcome(loss) { Pruned = true };
        }

        return new TrialOutcome(floor);
    }
}
