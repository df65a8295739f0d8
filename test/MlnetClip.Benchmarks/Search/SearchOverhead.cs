using System.Diagnostics;
using Microsoft.ML;

namespace MlnetClip.Benchmarks.Search;

/// <summary>What the machinery costs: a study in a file beside the same fits without one, in turn.</summary>
internal static class SearchOverhead
{
    private const int Rounds = 3;

    /// <summary>Seconds on the clock, and of the processor, which other programs hardly disturb.</summary>
    public readonly record struct Cost(double Seconds, double ProcessorSeconds);

    /// <summary>What both take, the least of a few rounds.</summary>
    public static (Cost Study, Cost Fits) Measure(ForecastTask task, int trials)
    {
        Cost study = new(double.PositiveInfinity, double.PositiveInfinity), fits = study;
        for (int round = 0; round < Rounds; round++)
        {
            string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.db");
            try
            {
                var mlContext = new MLContext(1);
                IDataView view = task.View(mlContext);
                ClippingStudyResult? result = null;
                study = Least(study, () => result = Searches.CreateStudy(task, mlContext, trials, path).Run(view));
                fits = Least(fits, () => Replay(task, result!));
            }
            finally
            {
                File.Delete(path);
            }
        }

        return (study, fits);
    }

    /// <summary>Fits what the trials fitted, with as many epochs, and the recommended setting once more.</summary>
    private static void Replay(ForecastTask task, ClippingStudyResult result)
    {
        var clippings = result.Curve.ToDictionary(point => point.Point, point => point.Clipping);
        (GradientClipping Clipping, int Seed, int Epochs)[] fits =
        [
            .. result.Trials.Select(trial => (clippings[trial.Point], 1 + trial.Seed, trial.Reports[^1].Step)),
            (result.Recommendation!, 1, task.Epochs),
        ];
        foreach (var (clipping, seed, epochs) in fits)
        {
            var mlContext = new MLContext(seed);
            task.Estimator(mlContext, clipping, epochs).Fit(task.View(mlContext));
        }
    }

    private static Cost Least(Cost least, Action work)
    {
        using Process process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        work();
        process.Refresh();
        return new Cost(
            Math.Min(least.Seconds, watch.Elapsed.TotalSeconds), Math.Min(least.ProcessorSeconds, (process.TotalProcessorTime - before).TotalSeconds));
    }
}
