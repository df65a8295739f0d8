using MlnetClip.Losses;

namespace MlnetClip;

/// <summary>Mean squared error, PyTorch's <c>MSELoss</c>: (y - target)^2 per observed target. Text form <c>mse</c>.</summary>
public sealed record MseLoss : ILoss
{
    /// <inheritdoc/>
    public string Text => "mse";

    /// <inheritdoc/>
    public (double LossSum, double WeightSum) Evaluate(
        ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Span<float> dOutputs, int outputsPerSequence)
    {
        double lossSum = 0, weightSum = LossMath.Sum(weights);
        double scale = weightSum > 0 ? 2 / weightSum : 0;
        for (int n = 0; n < outputs.Length; n++)
        {
            double difference = (double)outputs[n] - targets[n];
            lossSum += weights[n] * difference * difference;
            if (!dOutputs.IsEmpty) dOutputs[n] = (float)(weights[n] * difference * scale);
        }

        return (lossSum, weightSum);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
