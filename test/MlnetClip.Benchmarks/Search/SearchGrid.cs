using System.Globalization;
using Microsoft.ML;

namespace MlnetClip.Benchmarks.Search;

/// <summary>The exhaustive grid: 24 thresholds from 0.01 to 100 on a logarithmic scale, five seeds each. Every study has a grid of its own five seeds.</summary>
internal static class SearchGrid
{
    public const double Minimum = 0.01, Maximum = 100;
    public const int Thresholds = 24;

    public const int SeedsOfOne = 5;

    /// <summary>The five seeds of the grid, and of the finalists, of a study of this seed.</summary>
    public static int[] SeedsFrom(int study) => [.. Enumerable.Range(study, SeedsOfOne)];

    public static GradientClipping[] Settings { get; } =
    [
        .. Enumerable.Range(0, Thresholds).Select(i => GradientClipping.Parse(
            string.Create(CultureInfo.InvariantCulture, $"norm:{(float)(Minimum * Math.Pow(Maximum / Minimum, i / (Thresholds - 1.0))):G4}"))),
    ];

    /// <summary>Trains the grids of studies 1 to <paramref name="studies"/>, as many fits at a time as there are processors.</summary>
    public static void Train(Fits fits, int studies) => Parallel.ForEach(
        from seed in Enumerable.Range(1, studies + SeedsOfOne - 1) from setting in Settings.Append(GradientClipping.None) select (setting, seed),
        new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
        fit => fits.Loss(fit.setting, fit.seed));

    /// <summary>The training steps of one fit.</summary>
    public static long StepsAFit(ForecastTask task)
    {
        var mlContext = new MLContext(1);
        return task.Estimator(mlContext, GradientClipping.None, epochs: 1).Fit(task.View(mlContext)).Training.Steps * task.Epochs;
    }

    /// <summary>The setting of the least mean loss over some seeds.</summary>
    public static GradientClipping Best(Fits fits, int[] seeds) => Settings.MinBy(setting => fits.Mean(setting, seeds))!;
}
