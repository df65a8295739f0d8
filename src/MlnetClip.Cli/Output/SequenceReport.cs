using MlnetClip.Cli.Models;
using MlnetClip.Cli.Tasks;

namespace MlnetClip.Cli.Output;

/// <summary>What <c>train</c> and <c>evaluate</c> print with <c>--json</c> for a model over sequences; docs/cli.md describes each name.</summary>
internal sealed record SequenceReport
{
    public required string Task { get; init; }

    public required string Clipping { get; init; }

    public required IReadOnlyDictionary<string, double>? Metrics { get; init; }

    /// <summary>The first metric of a naive prediction.</summary>
    public required double? Naive { get; init; }

    public required ForecastingReport.GradientFigures Gradients { get; init; }

    /// <summary>What training began with, in words; null for random weights.</summary>
    public required string? StartedFrom { get; init; }

    public required int Epochs { get; init; }

    public required int BestEpoch { get; init; }

    public required double Seconds { get; init; }

    public required string Model { get; init; }

    public required EvaluatedRows? Evaluation { get; init; }

    public static SequenceReport Of(LoadedSequenceModel model, SequenceEvaluation? evaluation, TimeSpan time)
    {
        LstmTrainingReport training = model.Predictor.Training;
        return new SequenceReport
        {
            Task = model.Task.Name,
            Clipping = training.Clipping,
            Metrics = evaluation?.Scores.Metrics,
            Naive = evaluation?.Scores.Naive,
            Gradients = ForecastingReport.GradientFigures.Of(training.ClippingSummary),
            StartedFrom = training.StartedFrom,
            Epochs = training.Epochs,
            BestEpoch = training.BestEpoch,
            Seconds = Math.Round(time.TotalSeconds, 3),
            Model = model.Path,
            Evaluation = evaluation is null ? null : new EvaluatedRows(evaluation.FileRows, evaluation.Rows, evaluation.HeldOut),
        };
    }

    /// <summary>Rows of the file, how many were evaluated, and whether these were held out from training.</summary>
    internal sealed record EvaluatedRows(int Rows, int Evaluated, bool HeldOut);
}
