using System.Globalization;
using MlnetClip.Clipping;
using MlnetClip.Training;

namespace MlnetClip;

/// <summary>The result of a fit.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="Steps">Training steps, skipped ones included.</param>
/// <param name="BestEpoch">The epoch, from 1, whose weights the model has now; 0 when there was none.</param>
/// <param name="History">A report for each finished epoch.</param>
/// <param name="Clipping">Statistics of the gradients and of clipping over the whole fit.</param>
public sealed record TrainingResult(
    StopReason Reason, long Steps, int BestEpoch, IReadOnlyList<EpochReport> History, ClippingSummary Clipping)
{
    /// <summary>The point at which a fit that was resumed from a checkpoint continued; null for a new fit.</summary>
    public ResumePoint? Resumed { get; init; }

    /// <summary>What happened over the steps of the fit: losses, gradient norms, thresholds and learning rates; null where it was not recorded.</summary>
    public TrainingTrace? Trace { get; init; }

    /// <summary>The number of finished epochs, including those before a resume.</summary>
    public int EpochsRun => History.Count;

    /// <summary>Mean training loss of the last epoch; NaN when there was none.</summary>
    public double FinalTrainLoss => History.Count == 0 ? double.NaN : History[^1].TrainLoss;

    /// <summary>Validation loss of the best epoch, or null without validation.</summary>
    public double? BestValidationLoss => BestEpoch == 0 ? null : History[BestEpoch - 1].ValidationLoss;

    /// <summary>The fit in one line: why it ended, after how much, and its losses.</summary>
    public override string ToString() => Steps == 0 && Reason != StopReason.Cancelled ? "done: no training step was made" :
        string.Create(CultureInfo.InvariantCulture, $"{Reason switch { StopReason.EarlyStopped => "stopped early", StopReason.Cancelled => "cancelled", _ => "done" }} after {EpochsRun} {(EpochsRun == 1 ? "epoch" : "epochs")}, {Steps} steps; ")
        + string.Create(CultureInfo.InvariantCulture, $"epoch {BestEpoch} is kept: training loss {FinalTrainLoss:G4} at the end")
        + (BestValidationLoss is { } loss ? string.Create(CultureInfo.InvariantCulture, $", validation loss {loss:G4}") : "");
}
