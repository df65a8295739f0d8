using System.Globalization;
using Microsoft.ML;
using MlnetClip.Search.Samplers;
using MlnetClip.Search.Spaces;

namespace MlnetClip.Benchmarks.Search;

/// <summary>What a search found and spent.</summary>
internal sealed record Found(GradientClipping Clipping, long Steps, string Verdict = "");

/// <summary>The searches that are compared.</summary>
internal sealed class Searches(ForecastTask task, Fits fits, long stepsAFit)
{
    /// <summary>The clipping study, as its users call it.</summary>
    public Found Study(int seed, int trials)
    {
        ClippingStudyResult result = CreateStudy(task, new MLContext(seed), trials).Run(task.View(new MLContext(seed)));
        return new Found(result.Recommendation ?? GradientClipping.None, result.Steps, result.VerdictText);
    }

    public static ClippingStudy CreateStudy(ForecastTask task, MLContext mlContext, int trials, string? path = null) => mlContext.CreateClippingStudy(new ClippingStudyOptions
    {
        Pipeline = clipping => task.Estimator(mlContext, clipping), Budget = new() { MaxModelToExplore = trials }, StoragePath = path,
    });

    /// <summary>A sampler over the whole range, a whole fit of one seed a trial, the least loss wins: what a search that knows nothing of gradients does.</summary>
    public Found Blind(ISampler sampler, int seed, long steps)
    {
        var space = SearchSpace.Logarithmic("norm", SearchGrid.Minimum, SearchGrid.Maximum);
        List<Trial> trials = [];
        while ((trials.Count + 1) * stepsAFit <= steps)
        {
            SearchPoint point = sampler.Sample(new SampleRequest(space, (ulong)seed, trials.Count) { History = trials })!;
            double loss = fits.Loss(ClippingAt(point), seed);
            trials.Add(new Trial(trials.Count, trials.Count, new TrialRequest(TrialStage.Explore, point))
            {
                State = double.IsFinite(loss) ? TrialState.Complete : TrialState.Failed, Value = double.IsFinite(loss) ? loss : null,
            });
        }

        return new Found(ClippingAt(trials.MinBy(trial => trial.Value ?? double.PositiveInfinity)!.Point), trials.Count * stepsAFit);
    }

    private static GradientClipping ClippingAt(SearchPoint point) => GradientClipping.Parse(string.Create(CultureInfo.InvariantCulture, $"norm:{(float)point.Number("norm"):R}"));
}
