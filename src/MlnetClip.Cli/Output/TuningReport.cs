using MlnetClip.Search;
using MlnetClip.Search.Planning;
using MlnetClip.Search.Trials;

namespace MlnetClip.Cli.Output;

/// <summary>What <c>tune</c> prints with <c>--json</c>; docs/cli.md describes each name.</summary>
internal sealed record TuningReport(
    string Recommendation, float? LearningRate, int? BatchSize, string Verdict, TuningReport.BestFigures Best, TuningReport.TrialCounts Trials, TuningReport.NormFigures? Calibration, TuningReport.NoiseFigures? Noise,
    long Steps, double Seconds)
{
    /// <summary>Gathers what there is to say about a study that recommends something.</summary>
    public static TuningReport Of(ClippingStudyResult found, SearchedSettings settings, TimeSpan time)
    {
        int Count(TrialState state) => found.Trials.Count(trial => trial.State == state);
        TrialSettings recommended = settings.Complete(found.RecommendedSettings!);
        return new TuningReport(
            $"{recommended.Clipping}",
            recommended.LearningRate,
            recommended.BatchSize,
            found.VerdictText,
            new BestFigures(found.Best!.Clipping, found.Best.Mean),
            new TrialCounts(Count(TrialState.Complete), Count(TrialState.Pruned), Count(TrialState.Failed), found.Resumed),
            found.Calibration is { } calibration ? NormFigures.Of(calibration) : null,
            found.Noise is { } noise ? new NoiseFigures(noise.OfOneFit, noise.Resolution) : null,
            found.Steps,
            Math.Round(time.TotalSeconds, 3));
    }

    /// <summary>The setting of the least mean loss.</summary>
    internal sealed record BestFigures(string Clipping, double Loss);

    /// <summary>Trials by their state, and how many were found finished.</summary>
    internal sealed record TrialCounts(int Complete, int Pruned, int Failed, int Resumed);

    /// <summary>How much losses differ from seed to seed, and the difference that can be told, as shares of the loss.</summary>
    internal sealed record NoiseFigures(double OfOneFit, double Resolution);

    /// <summary>The norm of the gradient without clipping.</summary>
    internal sealed record NormFigures(double Q05, double Q25, double Q50, double Q75, double Q90, double Q95, double Mean, double Max)
    {
        public static NormFigures Of(Calibration norms) => new(
            norms.Quantiles[5], norms.Quantiles[25], norms.Quantiles[50], norms.Quantiles[75], norms.Quantiles[90], norms.Quantiles[95], norms.Mean, norms.Max);
    }
}
