using MlnetClip.Training;
using MlnetClip.Clipping;

namespace MlnetClip;

/// <summary>How a fit went.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="Steps">Training steps, skipped ones included.</param>
/// <param name="BestEpoch">The epoch, from 1, whose weights the model has now; 0 when cancelled before the first ended.</param>
/// <param name="History">One report per finished epoch.</param>
/// <param name="Clipping">What the gradients did, and what clipping did to them, over the whole fit.</param>
public sealed record TrainingResult(
    StopReason Reason, long Steps, int BestEpoch, IReadOnlyList<EpochReport> History, ClippingSummary Clipping)
{
    /// <summary>From where the fit went on when it was resumed from a checkpoint; null for a fit that began anew.</summary>
    public ResumePoint? Resumed { get; init; }

    /// <summary>Epochs that ended, those before a resume among them.</summary>
    public int EpochsRun => History.Count;

    /// <summary>Mean training loss of the last epoch; NaN when there was none.</summary>
    public double FinalTrainLoss => History.Count == 0 ? double.NaN : History[^1].TrainLoss;

    /// <summary>Validation loss of the best epoch, or null without validation.</summary>
    public double? BestValidationLoss => BestEpoch == 0 ? null : History[BestEpoch - 1].ValidationLoss;
}
