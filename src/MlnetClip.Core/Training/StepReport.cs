using MlnetClip.Clipping;

namespace MlnetClip.Training;

/// <summary>What one training step did.</summary>
/// <param name="Step">The step, from 0, counting skipped ones.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Batch">The batch within the epoch, from 0.</param>
/// <param name="Loss">Mean loss over the batch's observed targets, before the update.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
/// <param name="Clip">What the non-finite policy and clipping did to the gradient.</param>
public readonly record struct StepReport(long Step, int Epoch, int Batch, double Loss, float LearningRate, ClipReport Clip);
