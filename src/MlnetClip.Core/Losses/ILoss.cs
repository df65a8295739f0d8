using MlnetClip.Training;

namespace MlnetClip;

/// <summary>A loss between outputs [N, O] and targets [N, K] of N rows, summed over observed targets, with the derivative of the sum.</summary>
/// <remarks>Sums instead of means: the caller that has all batches of a step divides once.</remarks>
public interface ILoss
{
    /// <summary>The text form, for example <c>mse</c> or <c>huber:1</c>.</summary>
    string Text { get; }

    /// <summary>K: targets of a row, for O outputs.</summary>
    /// <param name="outputs">O, at least 1.</param>
    /// <exception cref="ArgumentException">The loss cannot be computed over that many outputs; the message says why.</exception>
    int TargetsFor(int outputs);

    /// <summary>The loss summed over the observed targets and the sum of their weights, in double.</summary>
    /// <param name="outputs">Outputs of the model, [N, O].</param>
    /// <param name="targets">Targets, [N, K].</param>
    /// <param name="weights">0 for a missing target, whose value must be finite but is ignored; otherwise above 0; [N, K].</param>
    /// <param name="dOutputs">Receives the derivative of the sum with respect to the outputs, [N, O]; empty when not needed.</param>
    /// <param name="outputsPerRow">O.</param>
    BatchSums Evaluate(
        ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Span<float> dOutputs, int outputsPerRow);
}
