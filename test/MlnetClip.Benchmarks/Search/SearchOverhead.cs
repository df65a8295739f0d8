using System.Diagnostics;
using Microsoft.ML;
using MlnetClip.Search;
using MlnetClip.Search.Trials;

namespace MlnetClip.Benchmarks.Search;

/// <summary>What the machinery costs: a study in a file beside the same fits without one, in turn.</summary>
internal static class SearchOverhead
{
    private const int Rounds = 3;

    /// <summary>Seconds of both, the least of a few rounds.</summary>
    public static (double Study, double Fits) Measure(ForecastTask task, int trials)
    {
        double study = double.PositiveInfinity, fits = double.PositiveInfinity;
        for (int round = 0; round < Rounds; round++)
        {
            string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.db");
            try
            {
                var mlContext = new MLContext(1);
                IDataView view = task.View(mlContext);
                var watch = Stopwatch.StartNew();
                ClippingStudyResult result = Searches.CreateStudy(task, mlContext, trials, path).Run(view);
                study = Math.Min(study, watch.Elapsed.TotalSeconds);
                fits = Math.Min(fits, Replay(task, result));
            }
            finally
            {
                File.Delete(path);
            }
        }

        return (study, fits);
    }

    /// <summary>Fits what the trials fitted, with as many epochs, and the recommended setting once more.</summary>
    private static double Replay(ForecastTask task, ClippingStudyResult result)
    {
        var clippings = result.Curve.ToDictionary(point => point.Point, point => GradientClipping.Parse(point.Clipping));
        (GradientClipping Clipping, int Seed, int Epochs)[] fits =
        [
            .. result.Trials.Select(trial => (clippings[trial.Point], 1 + trial.Seed, trial.Reports[^1].Step)),
            (result.Recommendation!, 1, task.Epochs),
        ];
        var watch = Stopwatch.StartNew();
        foreach (var (clipping, seed, epochs) in fits)
        {
            var mlContext = new MLContext(seed);
            task.Estimator(mlContext, clipping, epochs).Fit(task.View(mlContext));
        }

        return watch.Elapsed.TotalSeconds;
    }
}
