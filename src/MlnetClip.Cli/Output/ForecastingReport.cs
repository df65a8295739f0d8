using System.Text.Json.Serialization;
using MlnetClip.Clipping;
using MlnetClip.Cli.Models;

namespace MlnetClip.Cli.Output;

/// <summary>What <c>train</c> and <c>evaluate</c> print with <c>--json</c>; docs/cli.md describes each name.</summary>
internal sealed record ForecastingReport
{
    public string Task { get; } = "forecasting";

    public required string Clipping { get; init; }

    public required ForecastMetrics? Metrics { get; init; }

    public required BaselineMetrics? Baselines { get; init; }

    public required GradientFigures Gradients { get; init; }

    /// <summary>What training began with, in words; null for random weights.</summary>
    public required string? StartedFrom { get; init; }

    public required int Epochs { get; init; }

    public required int BestEpoch { get; init; }

    public required double Seconds { get; init; }

    public required string Model { get; init; }

    public required EvaluationFigures? Evaluation { get; init; }

    /// <summary>The scores of every target, of which <see cref="Metrics"/> and its kind are the first's; null for a model that was not evaluated.</summary>
    public required IReadOnlyList<TargetFigures>? Targets { get; init; }

    /// <summary>Gathers what there is to say about a model and its evaluation; null for a model that was not evaluated.</summary>
    public static ForecastingReport Of(LoadedModel model, ModelEvaluation? evaluation, TimeSpan time)
    {
        ForecastScores? scores = evaluation?.Scores;
        LstmTrainingReport training = model.Forecaster.Training;
        return new ForecastingReport
        {
            Clipping = training.Clipping,
            Metrics = scores?.Model,
            Baselines = scores is null ? null : new BaselineMetrics(scores.LastValue, scores.SeasonalNaive, scores.SeasonalNaiveDrift),
            Gradients = GradientFigures.Of(training.ClippingSummary),
            StartedFrom = training.StartedFrom,
            Epochs = training.Epochs,
            BestEpoch = training.BestEpoch,
            Seconds = Math.Round(time.TotalSeconds, 3),
            Model = model.Path,
            Evaluation = evaluation is null ? null : EvaluationFigures.Of(evaluation),
            Targets = evaluation is null ? null : [.. evaluation.Targets.Select(target => TargetFigures.Of(target.Target, target.Scores))],
        };
    }

    /// <summary>Errors of the three naive forecasts.</summary>
    internal sealed record BaselineMetrics(ForecastMetrics LastValue, ForecastMetrics SeasonalNaive, ForecastMetrics SeasonalNaiveDrift);

    /// <summary>On what the errors were taken; the first row is null where each of several series has its own.</summary>
    internal sealed record EvaluationFigures(int Rows, int? From, int Horizon, int Season, int Origins, long Pairs, long Skipped, int TrainedRows, double MaseScale, int Series)
    {
        public static EvaluationFigures Of(ModelEvaluation evaluation)
        {
            var (scores, protocol) = (evaluation.Scores, evaluation.Protocol);
            return new(
                protocol.Table.Rows, protocol.Table.IsGrouped ? null : protocol.Cuts[0], protocol.Horizon, protocol.Season, scores.Origins, scores.Pairs, scores.Skipped,
                evaluation.TrainedRows, scores.Scale, protocol.Table.Series.Count);
        }
    }

    /// <summary>What the gradients did while the model was trained.</summary>
    internal sealed record GradientFigures(double NormMedian, double NormMax, double ShareClipped, long SkippedSteps, long NonfiniteSteps, long Steps)
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public double? ShareElementsClamped { get; init; }

        public static GradientFigures Of(ClippingSummary clipping) => new(
            clipping.NormMedian, clipping.FiniteSteps == 0 ? double.NaN : clipping.NormMax, clipping.ShareClipped, clipping.SkippedSteps, clipping.NonFiniteSteps, clipping.Steps)
        {
            ShareElementsClamped = clipping.LimitsElements ? clipping.ShareOfElementsClamped : null,
        };
    }
}
