namespace MlnetClip;

/// <summary>One training step of a <see cref="LearningRateSweep"/>.</summary>
/// <param name="LearningRate">The learning rate of the step.</param>
/// <param name="Loss">Mean loss of its batch, before the update.</param>
/// <param name="SmoothedLoss">The moving average of the losses up to the step.</param>
/// <param name="Norm">Norm of the gradient before clipping.</param>
/// <param name="IsClipped">Whether clipping changed the gradient.</param>
public readonly record struct LearningRatePoint(double LearningRate, double Loss, double SmoothedLoss, double Norm, bool IsClipped);
