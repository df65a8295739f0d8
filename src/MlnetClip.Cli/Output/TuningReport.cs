using System.Text.Json.Serialization;
using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Output;

/// <summary>What <c>tune</c> prints with <c>--json</c>; docs/cli.md describes each name.</summary>
internal sealed record TuningReport
{
    public required string? Recommendation { get; init; }

    public required float? LearningRate { get; init; }

    public required int? BatchSize { get; init; }

    public required string Verdict { get; init; }

    public required ConclusionFigures Conclusion { get; init; }

    public required bool? NaiveIsBetter { get; init; }

    public required BestFigures? Best { get; init; }

    public required TrialCounts Trials { get; init; }

    public required NormFigures? Calibration { get; init; }

    public required NoiseFigures? Noise { get; init; }

    public required long Steps { get; init; }

    public required double Seconds { get; init; }

    public required string? Model { get; init; }

    public required ForecastMetrics? Metrics { get; init; }

    public required ForecastingReport.BaselineMetrics? Baselines { get; init; }

    public required ForecastingReport.EvaluationFigures? Evaluation { get; init; }

    public required IReadOnlyList<TargetFigures>? Targets { get; init; }

    /// <summary>The model over sequences, as <c>train</c> reports it; absent for a forecaster.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SequenceReport? Sequences { get; init; }

    /// <summary>Gathers what there is to say about a study that trained something, and about its model.</summary>
    public static TuningReport Of(
        ClippingStudyResult found, SearchedSettings settings, string? model, ModelEvaluation? evaluation, TimeSpan time)
    {
        ForecastScores? scores = evaluation?.Scores;
        int Count(TrialState state) => found.Trials.Count(trial => trial.State == state);
        TrialSettings? recommended = found.RecommendedSettings is { } setting ? settings.Complete(setting) : null;
        return new TuningReport
        {
            Recommendation = recommended?.Clipping.ToString(),
            LearningRate = recommended?.LearningRate,
            BatchSize = recommended?.BatchSize,
            Verdict = found.VerdictText,
            Conclusion = ConclusionFigures.Of(found.Conclusion),
            NaiveIsBetter = evaluation is null ? null : NaiveForecasts.IsBetter(evaluation),
            Best = found.Best is { } best ? new BestFigures($"{best.Clipping}", best.Losses.Values.Average(), best.Losses.Count) : null,
            Trials = new TrialCounts(Count(TrialState.Complete), Count(TrialState.Pruned), Count(TrialState.Failed), found.Resumed),
            Calibration = found.Unclipped is { } norms ? NormFigures.Of(norms) : null,
            Noise = found.Noise is { } noise ? new NoiseFigures(noise.OfOneFit, noise.Resolution) : null,
            Steps = found.Steps,
            Seconds = Math.Round(time.TotalSeconds, 3),
            Model = model,
            Metrics = scores?.Model,
            Baselines = scores is null ? null : new(scores.LastValue, scores.SeasonalNaive, scores.SeasonalNaiveDrift),
            Evaluation = evaluation is null ? null : ForecastingReport.EvaluationFigures.Of(evaluation),
            Targets = evaluation is null ? null : [.. evaluation.Targets.Select(target => TargetFigures.Of(target.Target, target.Scores))],
        };
    }

    /// <summary>The verdict as data: its kind, what is missing where there is none, and the evidence.</summary>
    internal sealed record ConclusionFigures(
        string Kind, string? Reason, string? Basis, string Explanation, int Seeds, double UnclippedAbove, IReadOnlyList<FailureFigures> Failures, bool TimeIsUp)
    {
        public static ConclusionFigures Of(StudyConclusion found) => new(
            JsonText.Name(found.Verdict), found.Reason is { } reason ? JsonText.Name(reason) : null, found.Basis is { } basis ? JsonText.Name(basis) : null,
            found.RecommendationText, found.Seeds, found.UnclippedAbove,
            [.. found.Failures.Select(failure => new FailureFigures(JsonText.Name(failure.Kind), failure.Count, failure.Example))], found.TimeIsUp);
    }

    /// <summary>How many trials failed in one way, and the message of the first.</summary>
    internal sealed record FailureFigures(string Kind, int Count, string Example);

    /// <summary>The setting with the lowest mean loss, and its number of seeds.</summary>
    internal sealed record BestFigures(string Clipping, double Loss, int Seeds);

    /// <summary>Trials by their state, and how many were found finished.</summary>
    internal sealed record TrialCounts(int Complete, int Pruned, int Failed, int Resumed);

    /// <summary>How much losses differ from seed to seed, and the smallest significant difference, as shares of the loss.</summary>
    internal sealed record NoiseFigures(double OfOneFit, double Resolution);

    /// <summary>The norm of the gradient without clipping.</summary>
    internal sealed record NormFigures(double Q05, double Q25, double Q50, double Q75, double Q90, double Q95, double Mean, double Max)
    {
        public static NormFigures Of(UnclippedFit norms) => new(
            norms.Quantiles[5], norms.Quantiles[25], norms.Quantiles[50], norms.Quantiles[75], norms.Quantiles[90], norms.Quantiles[95], norms.Mean, norms.Max);
    }
}
