namespace MlnetClip;

/// <summary>A loss over outputs [B, O]: summed over observed targets, with its derivative.</summary>
public interface ILoss
{
    /// <summary>The text form, for example <c>mse</c> or <c>huber:1</c>.</summary>
    string Text { get; }

    /// <summary>Terms of the loss for one sequence whose targets are all observed: its outputs, unless the loss makes one number of them.</summary>
    /// <param name="outputsPerSequence">O.</param>
    int TermsPerSequence(int outputsPerSequence) => outputsPerSequence;

    /// <summary>The loss summed over the observed targets, in double, and the sum of the weights.</summary>
    /// <param name="outputs">Outputs of the model, [B, O].</param>
    /// <param name="targets">Targets, [B, O].</param>
    /// <param name="weights">1 for an observed target, 0 for a missing one, [B, O].</param>
    /// <param name="dOutputs">Receives the derivative of the mean loss over the observed targets, [B, O]; empty when not wanted.</param>
    /// <param name="outputsPerSequence">O.</param>
    (double LossSum, double WeightSum) Evaluate(
        ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Span<float> dOutputs, int outputsPerSequence);
}
