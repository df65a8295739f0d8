using MlnetClip.Training;

namespace MlnetClip.Gradients;

/// <summary>
/// Adds up the gradients of processes that train one model together, each on its own part of a batch. It runs after the
/// backend and before the division that turns sums into means. See <see cref="GradientExchange.None"/> for training in one process.
/// </summary>
public interface IGradientExchange
{
    /// <summary>Replaces the gradient of this process by the sum over all processes. Every process must end with the same bits.</summary>
    /// <param name="gradient">The gradient of the summed loss, in the order of the parameter set; overwritten.</param>
    /// <param name="sums">Loss and weight of this process's part of the batch.</param>
    /// <returns>The sums over all processes.</returns>
    BatchSums Combine(Span<float> gradient, BatchSums sums);
}
