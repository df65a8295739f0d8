using MlnetClip.Training;
using MlnetClip.Clipping;

namespace MlnetClip;

/// <summary>What one training step did.</summary>
/// <param name="Step">The step, from 0, counting skipped ones.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Batch">The batch within the epoch, from 0.</param>
/// <param name="Loss">Mean loss over the batch's observed targets, before the update.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
/// <param name="Clip">What the non-finite policy and clipping did to the gradient.</param>
public readonly record struct StepReport(long Step, int Epoch, int Batch, double Loss, float LearningRate, ClipReport Clip)
{
    /// <summary>The chain that clipped; it still holds this step's norms when an observer is called.</summary>
    internal ClippingChain? Chain { get; init; }

    /// <summary>Norms of the gradient by part, before and after clipping: at hand from clipping, nothing is computed over the elements.</summary>
    /// <param name="scope">Which parts.</param>
    /// <returns>A norm for each part; empty for a report that no loop made. To be asked for while the observer is called.</returns>
    public IReadOnlyList<GradientNorm> Norms(ClippingScope scope) => Chain?.Norms(scope) ?? [];
}
