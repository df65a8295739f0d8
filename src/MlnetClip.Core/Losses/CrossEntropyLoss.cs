using MlnetClip.Losses;

namespace MlnetClip;

/// <summary>
/// Cross entropy of the softmax of the outputs, PyTorch's <c>CrossEntropyLoss</c> with class probabilities as targets:
/// - sum over classes of target * log softmax(y), per sequence. Targets are one-hot [B, O] or any probabilities that sum to 1;
/// a sequence is observed where the weight of its first class is. Text form <c>crossentropy</c>.
/// </summary>
public sealed record CrossEntropyLoss : ILoss
{
    /// <inheritdoc/>
    public string Text => "crossentropy";

    /// <inheritdoc/>
    /// <remarks>1: the classes of a sequence make one term.</remarks>
    public int TermsPerSequence(int outputsPerSequence) => 1;

    /// <inheritdoc/>
    /// <remarks>The weights are summed over sequences, not over classes.</remarks>
    public (double LossSum, double WeightSum) Evaluate(
        ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Span<float> dOutputs, int outputsPerSequence)
    {
        double lossSum = 0, weightSum = 0;
        for (int first = 0; first < outputs.Length; first += outputsPerSequence) weightSum += weights[first];
        double scale = weightSum > 0 ? 1 / weightSum : 0;
        for (int first = 0; first < outputs.Length; first += outputsPerSequence)
        {
            var y = outputs.Slice(first, outputsPerSequence);
            var target = targets.Slice(first, outputsPerSequence);
            double weight = weights[first];
            double largest = LossMath.Max(y);
            double exponentials = 0, targetSum = 0, loss = 0;
            foreach (float value in y) exponentials += Math.Exp(value - largest);
            double logSum = largest + Math.Log(exponentials);
            for (int n = 0; n < y.Length; n++)
            {
                targetSum += target[n];
                if (target[n] != 0f) loss += target[n] * (logSum - y[n]);
            }

            lossSum += weight * loss;
            if (dOutputs.IsEmpty) continue;
            for (int n = 0; n < y.Length; n++)
                dOutputs[first + n] = (float)(weight * (Math.Exp(y[n] - logSum) * targetSum - target[n]) * scale);
        }

        return (lossSum, weightSum);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
