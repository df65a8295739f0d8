using System.Globalization;
using MlnetClip.Training;

namespace MlnetClip;

/// <summary>The figures of one epoch.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="TrainLoss">Mean loss over the observed targets of the epoch as training went on, without steps whose loss was not finite; NaN when there was none.</param>
/// <param name="ValidationLoss">Mean loss over the validation sequences after the epoch, or null without validation.</param>
/// <param name="IsBest">Whether the epoch is the best so far by validation loss; true for every epoch without validation.</param>
/// <param name="LearningRate">Learning rate of the last step.</param>
/// <param name="NormMedian">Median of the global gradient norm before clipping over the epoch's finite steps; NaN when there was none.</param>
/// <param name="NormMaximum">Maximum of that norm.</param>
/// <param name="ShareClipped">Share of the epoch's finite steps whose gradient clipping changed, 0 to 1.</param>
/// <param name="NonFiniteSteps">Steps of the epoch with a non-finite gradient.</param>
public sealed record EpochReport(
    int Epoch, double TrainLoss, double? ValidationLoss, bool IsBest, float LearningRate,
    double NormMedian, double NormMaximum, double ShareClipped, int NonFiniteSteps)
{
    /// <summary>Finite steps of the epoch that a clipping rule skipped as spikes.</summary>
    public int RefusedSteps { get; init; }

    /// <summary>The threshold of clipping in force at the last finite step; NaN where there was none, or where unknown.</summary>
    public double Threshold { get; init; } = double.NaN;

    /// <summary>The epoch in a line: losses, gradient norms, share clipped.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"epoch {Epoch}: training loss {TrainLoss:G5}")
        + (ValidationLoss is { } loss ? string.Create(CultureInfo.InvariantCulture, $", validation loss {loss:G5}") : "")
        + (IsBest ? " (best so far)" : "")
        + string.Create(CultureInfo.InvariantCulture, $", gradient norm {NormMedian:G4} (median), {NormMaximum:G4} (largest), {100 * ShareClipped:F0}% of steps clipped")
        + string.Create(CultureInfo.InvariantCulture, $", learning rate {LearningRate:G4}")
        + (double.IsNaN(Threshold) ? "" : string.Create(CultureInfo.InvariantCulture, $" with threshold {Threshold:G4}"))
        + (RefusedSteps == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {RefusedSteps} skipped as spikes"))
        + (NonFiniteSteps == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {NonFiniteSteps} not finite"));
}
